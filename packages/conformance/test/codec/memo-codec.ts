import {
  createLogReader,
  createLogWriter,
  isObject,
  NO_PART,
  standingLength,
  type Codec,
  type Control,
  type Decoder,
  type Encoder,
  type JsonObject,
  type JsonValue,
} from '@holdfast/codec';
import type { MemoChunk } from './memo.ts';

/** An honest codec for memos. */
export const memoCodec: Codec<MemoChunk> = {
  name: 'memo',
  encoder: createMemoEncoder,
  decoder: createMemoDecoder,
  prompt: () => Promise.resolve(undefined),
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
      else if (type === 'begin')
        open.texts.set(writer.open('text', { id: id ?? null }), nameOf(chunk as JsonObject));
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

function createMemoDecoder(): Decoder<MemoChunk> {
  let log = '';
  let open = createOpen();
  let chunks: MemoChunk[] = [];
  const createReader = () =>
    createLogReader({
      text(n, text) {
        const id = open.texts.get(n);
        if (id !== undefined) chunks.push({ type: 'add', id, text });
      },
      control(control, n) {
        const [verb, subject, fields] = control;
        const id = String(subject);
        const text = open.texts.get(Number(subject));
        if (verb === 'open') chunks.push({ type: 'begin', id: nameOf(fields) });
        else if (verb === 'close' && text !== undefined) chunks.push({ type: 'end', id: text });
        else if (verb === 'call') chunks.push({ type: 'call', id });
        else if (verb === 'result' && open.calls.has(id)) {
          chunks = chunks.map((each) =>
            each.type === 'call' && each.id === id ? { type: 'recall', id } : each,
          );
          chunks.push({ type: 'done', id, output: fields?.['output'] ?? null });
        } else if (verb === 'raw') chunks.push(subject as MemoChunk);
        open.take(control, n);
      },
    });
  let reader = createReader();
  const push = (data: string): readonly MemoChunk[] => {
    log += data;
    reader.push(data);
    const taken = chunks;
    chunks = [];
    return taken;
  };
  return {
    push,
    rewind(length) {
      if (length >= log.length) return [];
      const kept = log.slice(0, standingLength(log, length));
      [log, open, reader] = ['', createOpen(), createReader()];
      return [{ type: 'reset' }, ...push(kept)];
    },
  };
}
