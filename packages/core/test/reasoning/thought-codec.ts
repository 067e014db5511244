import { createLogWriter } from '@holdfast/codec';
import type { Codec, ContentMessage, Part } from '@holdfast/codec';

/** Chunks of the smallest framework that thinks. */
export type ThoughtChunk =
  | { readonly type: 'think'; readonly text: string }
  /** The thought is over. */
  | { readonly type: 'thought'; readonly signature: string }
  | { readonly type: 'text'; readonly text: string };

/** The branch itself. */
export type ThoughtPrompt = readonly ContentMessage[];

export const thoughtCodec: Codec<ThoughtChunk, ThoughtPrompt> = {
  name: 'thought',
  encoder(log = '') {
    const writer = createLogWriter(log);
    let thought: number | undefined;
    let text: number | undefined;
    return {
      write(chunk) {
        switch (chunk.type) {
          case 'think':
            thought ??= writer.open('reasoning');
            writer.text(thought, chunk.text);
            return;
          case 'thought':
            if (thought !== undefined)
              writer.control(['close', thought, { pm: { signature: chunk.signature } }]);
            thought = undefined;
            return;
          case 'text':
            text ??= writer.open('text');
            writer.text(text, chunk.text);
        }
      },
      settle() {
        for (const n of [thought, text]) if (n !== undefined) writer.control(['close', n]);
      },
      take: () => writer.take(),
      takeSignals: () => [],
    };
  },
  decoder: () => ({ show: () => [] }),
  prompt: (branch) => Promise.resolve(branch),
};

/** A stream that a test feeds as it goes. */
export interface Mind {
  readonly chunks: AsyncIterable<ThoughtChunk>;
  think(text: string): void;
  thought(signature?: string): void;
  say(text: string): void;
  end(): void;
}

export function createMind(): Mind {
  let controller: ReadableStreamDefaultController<ThoughtChunk>;
  const chunks = new ReadableStream<ThoughtChunk>({ start: (each) => void (controller = each) });
  return {
    chunks,
    think: (text) => controller.enqueue({ type: 'think', text }),
    thought: (signature = 'signed') => controller.enqueue({ type: 'thought', signature }),
    say: (text) => controller.enqueue({ type: 'text', text }),
    end: () => controller.close(),
  };
}

export function partsOf(messages: readonly { readonly role: string; readonly parts: readonly Part[] }[]) {
  return messages.findLast(({ role }) => role === 'assistant')?.parts ?? [];
}
