import type { Codec } from '@holdfast/codec';
import type { StreamChunk, UIMessage } from '@tanstack/ai/client';
import { createDecoder } from './decoder.ts';
import { createEncoder } from './encoder.ts';
import { FRAMEWORK } from './marks.ts';
import { toPrompt } from './prompt.ts';

/**
 * AG-UI events, as TanStack AI speaks them, in a frame log. A `StreamProcessor` makes the same messages of the decoded
 * events as of those that were written, wherever the log was cut or joined. An event that can't be placed, or is unknown,
 * travels as it is, with a warning; nothing makes the encoder throw.
 */
export const agUiCodec: Codec<StreamChunk, UIMessage[]> = {
  name: FRAMEWORK,
  encoder: (log) => createEncoder(log),
  decoder: (shown) => createDecoder(shown),
  prompt: (branch) => Promise.resolve(toPrompt(branch)),
};
