import type { JsonValue } from '@holdfast/codec';

/**
 * A framework small enough to be read at a glance: texts and thoughts that grow, calls that a client runs when it sees them (`recall`
 * shows one without running it), and a `reset` that begins again.
 */
export type MemoChunk =
  | { readonly type: 'begin' | 'think' | 'end' | 'call' | 'recall'; readonly id: string }
  | { readonly type: 'add'; readonly id: string; readonly text: string }
  | { readonly type: 'done'; readonly id: string; readonly output: JsonValue }
  | { readonly type: 'reset' }
  | { readonly type: 'hint'; readonly text: string }
  | { readonly type: 'future'; readonly more: readonly number[] };

interface MemoPart {
  readonly type: string;
  readonly id: string;
  text: string;
  output?: JsonValue;
  isOpen: boolean;
}

/** The framework's own reducer. @throws Error where a chunk has no place */
export function foldMemo(chunks: readonly MemoChunk[]): readonly object[] {
  let parts: MemoPart[] = [];
  const open = (id: string): MemoPart => {
    const part = parts.find((each) => each.id === id && each.isOpen);
    if (part === undefined) throw new Error(`nothing is open that is called ${id}`);
    return part;
  };
  for (const chunk of chunks) {
    switch (chunk.type) {
      case 'begin':
      case 'think':
        parts.push({ type: chunk.type, id: chunk.id, text: '', isOpen: true });
        break;
      case 'call':
      case 'recall':
        parts.push({ type: 'call', id: chunk.id, text: '', isOpen: true });
        break;
      case 'add':
        open(chunk.id).text += chunk.text;
        break;
      case 'end':
        open(chunk.id).isOpen = false;
        break;
      case 'done':
        Object.assign(open(chunk.id), { isOpen: false, output: chunk.output });
        break;
      case 'reset':
        parts = [];
        break;
      case 'hint':
      case 'future':
        break;
    }
  }
  return parts;
}

export const MEMO_STREAMS: readonly { readonly name: string; readonly chunks: readonly MemoChunk[] }[] = [
  {
    name: 'a text',
    chunks: [
      { type: 'begin', id: 'a' },
      { type: 'add', id: 'a', text: 'one 😀' },
      { type: 'add', id: 'a', text: ' two \ud83d' },
      { type: 'add', id: 'a', text: '\ude00\u001e' },
      { type: 'end', id: 'a' },
    ],
  },
  {
    name: 'texts beside each other, and calls',
    chunks: [
      { type: 'begin', id: 'a' },
      { type: 'call', id: 'c' },
      { type: 'begin', id: 'b' },
      { type: 'add', id: 'a', text: 'one' },
      { type: 'add', id: 'b', text: 'uno' },
      { type: 'done', id: 'c', output: { sum: 7 } },
      { type: 'add', id: 'a', text: ' two' },
      { type: 'end', id: 'a' },
      { type: 'begin', id: 'a' },
      { type: 'add', id: 'a', text: 'again' },
      { type: 'call', id: 'd' },
      { type: 'end', id: 'b' },
      { type: 'end', id: 'a' },
    ],
  },
  {
    name: 'a thought before a text',
    chunks: [
      { type: 'think', id: 't' },
      { type: 'add', id: 't', text: 'Carefully\u001e ' },
      { type: 'begin', id: 'a' },
      { type: 'add', id: 'a', text: 'one' },
      { type: 'add', id: 't', text: 'considered' },
      { type: 'end', id: 't' },
      { type: 'end', id: 'a' },
    ],
  },
];
