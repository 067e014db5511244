import type { Codec } from '@holdfast/codec';
import type { ModelMessage, UIMessageChunk } from 'ai';
import { createEncoder } from './encoder.ts';
import { toPrompt } from './prompt.ts';
import { uiMessageReader } from './ui-message-reader.ts';

/**
 * UI message chunks of the AI SDK, versions 6 and 7, in a frame log. The reader that the SDK exports folds the decoded
 * chunks to the message of the chunks that were written, wherever the log was cut or joined.
 *
 * The log may have been begun by an agent, and go on from one encoder to the next: a message that the log has named
 * already keeps its name, so that a later stream's `start` adds its metadata only.
 *
 * `rewind` gives a `reset-step`, which the AI SDK 6 doesn't know: there the message has to be replayed.
 */
export const uiMessageCodec: Codec<UIMessageChunk, ModelMessage[]> = {
  ...uiMessageReader,
  encoder: createEncoder,
  prompt: toPrompt,
};
