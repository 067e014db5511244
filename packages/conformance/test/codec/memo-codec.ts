import {
  createLogReader,
  createLogWriter,
  isObject,
  NO_PART,
  type Codec,
  type Control,
  type Decoder,
  type Encoder,
  type JsonObject,
  type JsonValue,
  type Part,
} from '@holdfast/codec';
import type { MemoChunk } from './memo.ts';

/** An honest codec for memos. */
export const memoCodec: Codec<MemoChunk> = {
  name: 'memo',
  encoder: createMemoEncoder,
  decoder: createMemoDecoder,
  prompt: (branch) =>
    Promise.resolve(
      branch.flatMap(({ parts }) =>
        parts.flatMap((part) => ('text' in part && !('thread' in part) ? [part.text] : [])),
      ),
    ),
};

/** What is open in a log: texts by number, calls by id. */
function createOpen() {
  const texts = new Map<number, string>();
  const calls = new Set<string>();
  return {
    texts,
    calls,
    number: (id: unknown): number => [...texts].find(([, each]) => each === id)?.[0] ?? NO_PART,
    take([verb, subject, fields]: Control, n: number) {
      if (verb === 'open') texts.set(n, nameOf(fields));
      else if (verb === 'close') texts.delete(Number(subject));
      else if (verb === 'call') calls.add(String(subject));
      else if (verb === 'result') calls.delete(String(subject));
    },
  };
}

function nameOf(fields: JsonObject = {}): string {
  return typeof fields['id'] === 'string' ? fields['id'] : '';
}

function createMemoEncoder(log = ''): Encoder<MemoChunk> {
  const writer = createLogWriter(log);
  const open = createOpen();
  createLogReader({ text() {}, control: (control, n) => open.take(control, n) }).push(log);
  let signals: MemoChunk[] = [];
  const put = (...control: Control): void => {
    writer.control(control);
    open.take(control, NO_PART);
  };
  return {
    write(chunk: unknown) {
      const { type, id, text, output } = isObject(chunk) ? chunk : {};
      const n = open.number(id);
      if (type === 'hint') signals.push(chunk as MemoChunk);
      else if (type === 'begin' || type === 'think')
        open.texts.set(
          writer.open(type === 'think' ? 'reasoning' : 'text', { id: id ?? null, x: { memo: id ?? null } }),
          nameOf(chunk as JsonObject),
        );
      else if (type === 'add' && n !== NO_PART && typeof text === 'string') writer.text(n, text);
      else if (type === 'end' && n !== NO_PART) put('close', n);
      else if (type === 'call') put('call', id);
      else if (type === 'done') put('result', id, { output: output ?? null });
      else if (type === 'future') put('raw', chunk as unknown as JsonValue);
    },
    settle() {
      for (const n of open.texts.keys()) put('close', n);
      for (const id of open.calls) put('result', id, { output: null });
      writer.flush();
    },
    take: () => writer.take(),
    takeSignals() {
      const taken = signals;
      signals = [];
      return taken;
    },
  };
}

/** Undefined for what a memo doesn't show. */
function idOf(part: Part | undefined): string | undefined {
  if (part?.type === 'tool') return part.callId;
  const own = isStreamed(part) ? part.x?.['memo'] : undefined;
  return typeof own === 'string' ? own : undefined;
}

function isStreamed(part: Part | undefined): part is Extract<Part, { type: 'text' | 'reasoning' }> {
  return part?.type === 'text' || part?.type === 'reasoning';
}

function createMemoDecoder(): Decoder<MemoChunk> {
  let shown: readonly Part[] = [];
  return {
    show({ parts }) {
      const isCut = shown.some((part, index) => !goesOn(part, parts[index]));
      const before = isCut ? [] : shown;
      shown = parts;
      const chunks = parts.flatMap((part, index) => chunksOf(part, before[index]));
      return isCut ? [{ type: 'reset' }, ...chunks] : chunks;
    },
  };
}

function goesOn(part: Part, next: Part | undefined): boolean {
  if (part.type !== next?.type) return false;
  if (isStreamed(part) && isStreamed(next))
    return next.text.startsWith(part.text) && (part.state !== 'done' || next.state === 'done');
  return !(part.type === 'tool' && next.type === 'tool') || part.output === undefined || 'output' in next;
}

function chunksOf(part: Part, before: Part | undefined): readonly MemoChunk[] {
  const id = idOf(part);
  const isNew = before === undefined;
  if (part.type === 'raw') return isNew ? [part.chunk as unknown as MemoChunk] : [];
  if (id === undefined) return [];
  const chunks: MemoChunk[] = [];
  if (isStreamed(part)) {
    const was = isStreamed(before) ? before : { text: '', state: 'streaming' };
    const text = part.text.slice(was.text.length);
    if (isNew) chunks.push({ type: part.type === 'text' ? 'begin' : 'think', id });
    if (text !== '') chunks.push({ type: 'add', id, text });
    if (part.state === 'done' && was.state !== 'done') chunks.push({ type: 'end', id });
  } else if (part.type === 'tool') {
    const isDone = part.state === 'result';
    if (isNew) chunks.push({ type: isDone ? 'recall' : 'call', id });
    if (isDone && !(before?.type === 'tool' && before.state === 'result'))
      chunks.push({ type: 'done', id, output: part.output ?? null });
  }
  return chunks;
}
