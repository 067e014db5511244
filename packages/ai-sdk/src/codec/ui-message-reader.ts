import type { Codec } from '@holdfast/codec';
import type { UIMessageChunk } from 'ai';
import { createDecoder } from './decoder.ts';
import { FRAMEWORK } from './fields.ts';

/** The half of the codec that a page needs: an encoder is loaded by agents only. */
export const uiMessageReader: Pick<Codec<UIMessageChunk>, 'name' | 'decoder'> = {
  name: FRAMEWORK,
  decoder: (shown) => createDecoder(shown),
};

/** For who only watches: the same message, but no chunk that makes a client run a tool. */
export const uiMessageWatcher: typeof uiMessageReader = {
  name: FRAMEWORK,
  decoder: (shown) => createDecoder(shown, true),
};
