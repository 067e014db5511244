import { isObject, type JsonObject, type JsonValue, type Part, type ToolPart } from '@holdfast/codec';
import type { AnyChunk } from './any-chunk.ts';
import { pick } from './fields.ts';
import { isSame } from './is-same.ts';
import { toToolPart } from './to-ui-message.ts';
import { outcomeChunks, providerMetadata } from './tool-outcome.ts';

/** Leads a reader from one state of a call to another. */
export interface ToolChunks {
  /** Undefined where the call lies in an `isEarlier` step, and its input would have to begin anew. */
  chunks(part: ToolPart, before: Part | undefined, isEarlier: boolean): readonly AnyChunk[] | undefined;
  /** The reader forgets these. What was settled among them is not run again when it is shown again. */
  forget(parts: readonly Part[]): void;
}

/**
 * `tool-input-available` makes a client run the tool: it comes only for a call that waits to be run, and never to who only
 * `watches`. Every other call gets its input as if that streamed, which runs nothing; an output then makes the input
 * complete.
 */
export function createToolChunks(watches: boolean): ToolChunks {
  /** Calls that were settled and wait to be settled again, by id. */
  const held = new Set<string>();
  /** Calls whose input is complete and shows as streaming, by id. */
  const disguised = new Set<string>();

  return {
    chunks(part, before, isEarlier) {
      const earlier = before?.type === 'tool' ? before : undefined;
      const ui = toToolPart(part);
      const was = earlier === undefined ? {} : toToolPart(earlier);
      if (isSame(ui, was)) return [];
      const { callId, n } = part;
      const { state, toolCallId, input, rawInput, errorText, approval } = ui;
      const told = { toolCallId, ...pick(ui, 'providerExecuted', 'toolMetadata') };
      const call = { ...told, toolName: part.name, ...pick(asJson(part), 'dynamic'), ...pick(ui, 'title') };
      const pm = providerMetadata(ui['callProviderMetadata']);
      const resultPm = providerMetadata(ui['resultProviderMetadata']);
      const chunks: AnyChunk[] = [];
      const isText = part.as !== undefined && (typeof rawInput === 'string' || state === 'input-streaming');
      const encoding = isText ? { inputEncoding: part.as } : {};
      let isBegun = false;
      const stream = (inputTextDelta: string): void => {
        chunks.push({ type: 'tool-input-delta', toolCallId, inputTextDelta });
      };
      const begin = (text?: string): void => {
        isBegun = true;
        chunks.push({ type: 'tool-input-start', ...call, ...encoding, ...pm });
        if (text !== undefined) stream(text);
      };

      const isWaiting = state === 'input-available';
      if (!isWaiting) held.delete(callId);
      else if (earlier !== undefined && isSettled(earlier) && isSame(input, was['input'])) held.add(callId);
      if (isWaiting && !watches && !held.has(callId))
        return isEarlier ? undefined : [{ type: 'tool-input-available', ...call, input, ...pm }];
      if (part.invalid === true && approval === undefined) {
        if (earlier === undefined) begin();
        return [...chunks, { type: 'tool-input-error', ...call, input, errorText, ...resultPm }];
      }

      const isDisguised = disguised.delete(callId);
      const isDecided = isObject(approval) && 'approved' in approval && !isSame(approval, was['approval']);
      // A decision brings metadata of its own.
      const isRenamed =
        earlier?.name !== part.name ||
        !isSame(ui['title'], was['title']) ||
        (!isDecided && !isSame(ui['callProviderMetadata'], was['callProviderMetadata']));
      /** The text of the input that the reader has. */
      const seen = isDisguised ? textOf(was['input']) : asText(was['rawInput']);
      const isStreaming = isDisguised || was['state'] === 'input-streaming';
      if (typeof rawInput === 'string') {
        if (isStreaming && earlier?.n === n && rawInput.startsWith(seen ?? '')) {
          if (rawInput !== seen) stream(rawInput.slice(seen?.length));
        } else if (rawInput !== seen) begin(rawInput);
      } else if (state === 'input-streaming') {
        if (!isStreaming || earlier?.n !== n || seen !== undefined) begin();
      } else if (isRenamed || !isSame(input, was['input']) || (isWaiting && !isDisguised))
        begin(textOf(input));
      if (isBegun && isEarlier) return undefined;
      if (isWaiting) disguised.add(callId);
      if (isWaiting || state === 'input-streaming') return chunks;

      const hasText = isBegun ? input !== undefined : seen !== undefined;
      return [...chunks, ...outcomeChunks(ui, isBegun ? {} : was, hasText)];
    },
    forget(parts) {
      for (const part of parts) if (part.type === 'tool' && isSettled(part)) held.add(part.callId);
    },
  };
}

/** What a reader keeps of a call once it has it. */
const KEPT = 'approval title toolMetadata providerExecuted callProviderMetadata resultProviderMetadata'.split(
  ' ',
);

/** Whether a call can have become the other one without anything being taken back that the reader keeps. */
export function callGoesOn(part: ToolPart, next: ToolPart): boolean {
  const [was, is] = [toToolPart(part), toToolPart(next)];
  return (
    part.callId === next.callId &&
    part.dynamic === next.dynamic &&
    KEPT.every((key) => !(key in was) || key in is)
  );
}

function isSettled({ state, settled }: ToolPart): boolean {
  return state === 'result' || state === 'error' || settled === true;
}

function textOf(input: JsonValue | undefined): string | undefined {
  return input === undefined ? undefined : JSON.stringify(input);
}

function asText(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function asJson(part: object): JsonObject {
  return part as JsonObject;
}
