import { createLogReader, createLogWriter, NO_PART } from '@holdfast/codec';
import type { Codec, ContentMessage, Part } from '@holdfast/codec';

/** Chunks of the smallest framework there is: text, client tools, and what passes by. */
export type TextChunk =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'call'; readonly id: string; readonly name: string }
  | { readonly type: 'result'; readonly id: string }
  | { readonly type: 'passing'; readonly text: string }
  /** Everything is taken back: what follows is the message from its start. */
  | { readonly type: 'reset' };

/** The smallest codec: one text part per encoder, and calls that a client answers. */
export const textCodec: Codec<TextChunk, readonly string[]> = {
  name: 'text',
  encoder(log = '') {
    const writer = createLogWriter(log);
    let passing: TextChunk[] = [];
    let part: number | undefined;
    return {
      write(chunk) {
        switch (chunk.type) {
          case 'text':
            part ??= writer.open('text');
            writer.text(part, chunk.text);
            return;
          case 'call':
            writer.control(['call', chunk.id, { name: chunk.name, input: null }]);
            return;
          case 'passing':
            passing.push(chunk);
            return;
          case 'result':
          case 'reset':
            return;
        }
      },
      settle() {
        writer.flush();
        if (part !== undefined) writer.control(['close', part]);
        part = undefined;
      },
      take: () => writer.take(),
      takeSignals: () => passing.splice(0),
    };
  },
  decoder() {
    let chunks: TextChunk[] = [];
    let log = '';
    const open = () =>
      createLogReader({
        text: (n, text) => void (n === NO_PART || chunks.push({ type: 'text', text })),
        control([verb, subject, fields]) {
          if (verb === 'call')
            chunks.push({ type: 'call', id: String(subject), name: JSON.stringify(fields?.['name']) });
          if (verb === 'result') chunks.push({ type: 'result', id: String(subject) });
        },
      });
    let reader = open();
    const push = (data: string): readonly TextChunk[] => {
      chunks = [];
      log += data;
      reader.push(data);
      return chunks;
    };
    return {
      push,
      rewind(length) {
        const kept = log.slice(0, length);
        reader = open();
        log = '';
        return [{ type: 'reset' }, ...push(kept)];
      },
    };
  },
  prompt: async (branch) => branch.map(({ role, parts }) => `${role}: ${textOf(parts)}`),
};

export function textOf(parts: readonly Part[]): string {
  return parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('');
}

/** What a reader shows after these chunks. */
export function shown(chunks: readonly TextChunk[]): string {
  return chunks.reduce((text, chunk) => {
    if (chunk.type === 'reset') return '';
    return chunk.type === 'text' ? text + chunk.text : text;
  }, '');
}

export function said(text: string): ContentMessage['parts'] {
  return [{ type: 'text', text, state: 'done' }];
}
