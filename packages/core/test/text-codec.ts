import { createLogWriter } from '@holdfast/codec';
import type { Codec, ContentMessage, Part, ToolPart } from '@holdfast/codec';

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
  decoder(from) {
    let shown = from?.parts ?? [];
    return {
      show({ parts }) {
        const isCut = shown.some((part, index) => !goesOn(part, parts[index]));
        const before = isCut ? [] : shown;
        shown = parts;
        const chunks = parts.flatMap((part, index) => chunksOf(part, before[index]));
        return isCut ? [{ type: 'reset' }, ...chunks] : chunks;
      },
    };
  },
  prompt: async (branch) => branch.map(({ role, parts }) => `${role}: ${textOf(parts)}`),
};

function goesOn(part: Part, next: Part | undefined): boolean {
  return part.type === next?.type && (part.type !== 'text' || textOf([next]).startsWith(part.text));
}

function chunksOf(part: Part, before: Part | undefined): readonly TextChunk[] {
  if (part.type === 'text') {
    const text = part.text.slice(before?.type === 'text' ? before.text.length : 0);
    return text === '' ? [] : [{ type: 'text', text }];
  }
  if (part.type !== 'tool') return [];
  const was = before?.type === 'tool' ? before : undefined;
  const chunks: TextChunk[] = [];
  if (was === undefined) chunks.push({ type: 'call', id: part.callId, name: JSON.stringify(part.name) });
  if (isSettled(part) && (was === undefined || !isSettled(was)))
    chunks.push({ type: 'result', id: part.callId });
  return chunks;
}

function isSettled({ state }: ToolPart): boolean {
  return state === 'result' || state === 'error';
}

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
