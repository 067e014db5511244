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
  readonly text: string;
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
  readonly approval?: {
    readonly id: string;
    readonly ok?: boolean;
    readonly reason?: string;
    readonly requestReason?: string;
    readonly digest?: string;
    readonly until?: number;
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
