import { isObject, mergeMetadata, type Content, type Decoder, type Part } from '@holdfast/codec';
import type { UIMessageChunk } from 'ai';
import type { AnyChunk } from './any-chunk.ts';
import { FRAMEWORK, UNSHOWN } from './fields.ts';
import { isSame } from './is-same.ts';
import { toUIPart } from './to-ui-message.ts';
import { callGoesOn, createToolChunks } from './tool-chunks.ts';
import { shownBeside } from './ui-part.ts';

/**
 * Shows a message to the AI SDK's reader; `shown` is what that has of it already. Who only `watches` is given no chunk that
 * makes a client run a tool: such calls show as streaming until they are settled.
 */
export function createDecoder(shown?: Content, watches = false): Decoder<UIMessageChunk> {
  const tools = createToolChunks(watches);
  let last: Content = shown ?? { parts: [] };
  let isBegun = shown !== undefined;
  let isStepOpen = shown?.parts.some(isStep) === true;
  /** Parts whose text can't go on. */
  const closed = new WeakSet<Part>();

  /** Undefined where the reader can't get there. */
  const chunksOf = (
    part: Part,
    before: Part | undefined,
    isEarlier: boolean,
  ): readonly AnyChunk[] | undefined => {
    switch (part.type) {
      case 'text':
      case 'reasoning':
        return before !== undefined && closed.has(before) ? undefined : textChunks(part, before);
      case 'tool':
        return tools.chunks(part, before, isEarlier);
      case 'step': {
        if (before !== undefined) return [];
        const end = isStepOpen ? [{ type: 'finish-step' }] : [];
        isStepOpen = true;
        // Writers leave the end of a step to be implied.
        return [...end, unshown(part, { type: 'start-step' })];
      }
      case 'error':
        return [unshown(part, { type: 'error', errorText: part.text })];
      case 'raw':
        return part.of === FRAMEWORK && isChunk(part.chunk) ? [part.chunk] : [];
      default:
        // The chunk of a whole part has the part's own fields, and perhaps some that this version doesn't know.
        return [unshown(part, toUIPart(part))].filter((chunk) => isChunk(chunk));
    }
  };

  return {
    show(next) {
      const chunks: AnyChunk[] = [];
      let { parts } = last;
      if (!isBegun && next.id !== undefined)
        chunks.push({ type: 'start', messageId: next.id, ...metadataOf(next) });
      else if (!isSame(last.metadata, next.metadata)) {
        if (!isSame(mergeMetadata(last.metadata, next.metadata), next.metadata)) return undefined;
        chunks.push({ type: 'message-metadata', ...metadataOf(next) });
      }
      const step = parts.findLastIndex(isStep) + 1;
      const at = parts.findIndex((part, index) => !goesOn(part, next.parts[index]));
      if (at >= 0) {
        const gone = parts.slice(step);
        // A reset reaches back to the step's start, and keeps what was told beside the message.
        const told = gone.filter(isTold);
        if (at < step || !told.every((part, index) => isSame(part, next.parts[step + index])))
          return undefined;
        tools.forget(gone);
        parts = [...parts.slice(0, step), ...told];
        for (const part of parts) closed.add(part);
        chunks.push({ type: 'reset-step' });
      }
      for (const [index, part] of next.parts.entries()) {
        const before = parts[index];
        if (part === before || (isWhole(part) && isSame(part, before))) continue;
        const more = chunksOf(part, before, index < step);
        if (more === undefined) return undefined;
        chunks.push(...more);
      }
      const isNews =
        next.finish !== last.finish && !(isRebuilt(last, next) && isSame(next.finish, last.finish));
      if (next.finish !== undefined && isNews) {
        if (isStepOpen) chunks.push({ type: 'finish-step' });
        isStepOpen = false;
        const { reason } = next.finish;
        chunks.push({ type: 'finish', ...(typeof reason === 'string' && { finishReason: reason }) });
      }
      last = next;
      isBegun ||= next.id !== undefined || next.parts.some((part) => !isTold(part));
      return chunks as unknown as readonly UIMessageChunk[];
    },
  };
}

function metadataOf({ metadata }: Content): object {
  return metadata === undefined ? {} : { messageMetadata: metadata };
}

type StreamedPart = Extract<Part, { type: 'text' | 'reasoning' }>;

function textChunks(part: StreamedPart, before: Part | undefined): readonly AnyChunk[] {
  const { type, text, state } = part;
  const pm = shownBeside(part);
  const was = before?.type === type ? before : undefined;
  const id = (part.type === 'reasoning' ? part.id : undefined) ?? `part-${part.n}`;
  const beside = pm === undefined || isSame(pm, shownBeside(was)) ? {} : { providerMetadata: pm };
  const delta = text.slice(was?.text.length ?? 0);
  const isEnd = state !== 'streaming' && was?.state !== state;
  const chunks: AnyChunk[] = [];
  if (was === undefined) chunks.push({ type: `${type}-start`, id, ...beside });
  if (delta !== '' || (was !== undefined && !isEnd && 'providerMetadata' in beside))
    chunks.push({ type: `${type}-delta`, id, delta, ...(was === undefined ? {} : beside) });
  if (isEnd) {
    const citations =
      part.type === 'text' && part.citations !== undefined ? { citations: part.citations } : {};
    chunks.push({ type: `${type}-end`, id, ...citations, ...(was === undefined ? {} : beside) });
  }
  return chunks;
}

/** Whether a part can have become the other one without anything being taken back. */
function goesOn(part: Part, next: Part | undefined): boolean {
  if (part === next) return true;
  if (part.type !== next?.type || (shownBeside(part) !== undefined && shownBeside(next) === undefined))
    return false;
  if (next.type === 'text' || next.type === 'reasoning') {
    const { text, state, n } = part as StreamedPart;
    return n === next.n && next.text.startsWith(text) && (state === 'streaming' || isSame(part, next));
  }
  if (part.type === 'tool' && next.type === 'tool') return callGoesOn(part, next);
  return part.type === 'data' && next.type === 'data' && part.id !== undefined
    ? part.name === next.name && part.id === next.id
    : isSame(part, next);
}

function isStep({ type }: Part): boolean {
  return type === 'step';
}

/** What comes at once, and shows no state of its own. */
function isWhole({ type }: Part): boolean {
  return type !== 'text' && type !== 'reasoning' && type !== 'tool';
}

/** The same log, read again from its start. */
function isRebuilt(last: Content, next: Content): boolean {
  return next.parts.every((part, index) => part !== last.parts[index]);
}

function isTold({ type }: Part): boolean {
  return type === 'error' || type === 'raw';
}

/** A chunk with the fields that it had beyond those of its part. */
function unshown<Chunk>({ x }: Part, chunk: Chunk): Chunk {
  const more = x?.[UNSHOWN];
  return isObject(more) ? { ...chunk, ...more } : chunk;
}

function isChunk(value: unknown): value is AnyChunk {
  return isObject(value) && typeof value['type'] === 'string';
}
