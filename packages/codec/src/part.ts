import type { JsonObject, JsonValue } from './json.ts';

/**
 * What a message consists of, for every framework: a superset of AI SDK UI message parts and AG-UI events. `by` is the
 * provider where it executed a tool itself; `pm` is provider metadata; `x` holds fields of one framework, by framework.
 */
export type Part =
  | TextPart
  | ReasoningPart
  | ToolPart
  | SourcePart
  | DocumentPart
  | FilePart
  | DataPart
  | CustomPart
  | SteeringPart
  | StepPart
  | ErrorPart
  | RawPart;

interface PartBase {
  /** The number of the `open` that made it; absent for a whole part. */
  readonly n?: number;
  readonly pm?: JsonValue;
  readonly x?: JsonObject;
}

export interface TextPart extends PartBase {
  readonly type: 'text';
  readonly text: string;
  /** Absent for text that was never streamed. */
  readonly state?: 'streaming' | 'done';
  /** `json` marks structured output. */
  readonly as?: string;
  readonly citations?: JsonValue;
}

export interface ReasoningPart extends PartBase {
  readonly type: 'reasoning';
  readonly id?: string;
  /** Empty where it is in a thread. */
  readonly text: string;
  /** Ids of the messages beside the session that have its text, one after the other. */
  readonly thread?: readonly string[];
  /** Of a text in a thread, once it is whole: its length in UTF-16 code units. */
  readonly length?: number;
  /** Absent for text that was never streamed. */
  readonly state?: 'streaming' | 'done';
}

/**
 * A tool call with all that became of it. `proposed`: the input is complete and nobody has run it yet; `running`: there
 * is a preliminary output; `approved` and `denied`: decided, and for `denied` with `settled` carried out as well.
 */
export interface ToolPart extends PartBase {
  readonly type: 'tool';
  readonly callId: string;
  readonly name: string;
  readonly state: 'input' | 'proposed' | 'asked' | 'approved' | 'denied' | 'running' | 'result' | 'error';
  /** The raw text of the input as streamed, until the input is complete. */
  readonly inputText?: string;
  /** How `inputText` is written: `json` where absent, or `text`, which is the input itself. */
  readonly as?: string;
  readonly input?: JsonValue;
  readonly output?: JsonValue;
  readonly preliminary?: boolean;
  readonly error?: string;
  /** The input did not fit the tool, which therefore never ran; `error` says why. */
  readonly invalid?: true;
  /** A denial that was carried out: no result will follow. */
  readonly settled?: true;
  /** Provider metadata of the result; `pm` is the call's. */
  readonly resultPm?: JsonValue;
  readonly by?: JsonValue;
  readonly dynamic?: boolean;
  /** The device a client tool was assigned to. */
  readonly device?: string;
  /** Until when that may answer, in milliseconds since 1970. */
  readonly until?: number;
  /** Every decision and result that the agent has judged (P17), in the order in which it did. */
  readonly decisions?: readonly Decision[];
  readonly approval?: {
    readonly id: string;
    readonly ok?: boolean;
    readonly reason?: string;
    readonly requestReason?: string;
    /** Of the canonical JSON of the input that is asked about. */
    readonly digest?: string;
    /** Until when it can be decided, in milliseconds since 1970. */
    readonly until?: number;
    /** How many different people have to approve. Default 1. */
    readonly need?: number;
    /** Who may decide, as far as that can be said. */
    readonly who?: JsonValue;
    /** The agent takes other arguments, too. */
    readonly editable?: true;
    /** The input as it was proposed, where who approved has changed it. */
    readonly proposed?: JsonValue;
    readonly signature?: string;
    /** Asked and decided without a person. */
    readonly auto?: boolean;
    /** The input's schema as the approval was bound to it. */
    readonly schema?: JsonValue;
    readonly x?: JsonObject;
    /** The record that decided. */
    readonly record?: string;
  };
}

/** What somebody decided about a call, and what the agent made of that. */
export interface Decision {
  /** The `answer` record. */
  readonly record: string;
  readonly serial?: string;
  readonly clientId?: string;
  /** Approved or denied; absent for a client tool's result. */
  readonly ok?: boolean;
  readonly reason?: string;
  /** Of the arguments that were decided about, as the record says. */
  readonly digest?: string;
  /** Other arguments, that it approved of. */
  readonly input?: JsonValue;
  /** Why it does not count: a code; absent for one that does. `why` is a sentence. */
  readonly refused?: string;
  readonly why?: string;
}

export interface SourcePart extends PartBase {
  readonly type: 'source';
  readonly id: string;
  readonly url: string;
  readonly title?: string;
}
export interface DocumentPart extends PartBase {
  readonly type: 'document';
  readonly id: string;
  readonly mime: string;
  readonly title?: string;
  readonly filename?: string;
}
export interface FilePart extends PartBase {
  readonly type: 'file';
  readonly url: string;
  readonly mime: string;
  readonly filename?: string;
  /** Set for a file that belongs to the reasoning. */
  readonly reasoning?: true;
}
export interface DataPart extends PartBase {
  readonly type: 'data';
  readonly name: string;
  readonly id?: string;
  readonly data: JsonValue;
}
export interface CustomPart extends PartBase {
  readonly type: 'custom';
  readonly kind: string;
}
export interface SteeringPart extends PartBase {
  readonly type: 'steering';
  readonly id: string;
  readonly parts: readonly JsonValue[];
}
export interface StepPart extends PartBase {
  readonly type: 'step';
}
export interface ErrorPart extends PartBase {
  readonly type: 'error';
  readonly text: string;
  /** What a program may go by. */
  readonly code?: string;
}
/** A chunk of a framework that this version doesn't know, as it came in. */
export interface RawPart extends PartBase {
  readonly type: 'raw';
  readonly of?: string;
  readonly chunk: JsonValue;
}

/** One message of a conversation in neutral form. */
export interface ContentMessage {
  readonly id: string;
  readonly role: 'user' | 'assistant' | 'system';
  readonly parts: readonly Part[];
  readonly metadata?: JsonValue;
  /**
   * How the model's last turn in it ended: its `reason` (such as `stop` or `length`) and what else was said about that. In a
   * branch that is given to a codec's `prompt` the reason is `cancelled`, `error` or `lost` where the run ended so.
   */
  readonly finish?: JsonObject;
}

/** What a frame log says so far; `id` and `role` are there once a `message` control named them. */
export type Content = Partial<ContentMessage> & Pick<ContentMessage, 'parts'>;
