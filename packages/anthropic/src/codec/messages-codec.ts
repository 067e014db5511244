import type { MessageParam } from '@anthropic-ai/sdk/resources/messages/messages';
import type { Codec } from '@holdfast/codec';
import { PROVIDER, type MessagesEvent } from './any-event.ts';
import { createDecoder } from './decoder.ts';
import { createEncoder } from './encoder.ts';
import { toPrompt } from './prompt.ts';

/**
 * Events of Anthropic's Messages API in a frame log. Decoded events give the SDK's `MessageStream` the messages that the original
 * ones give it, wherever the log was cut or joined; what became of calls that the application ran comes as events of the
 * session's own.
 */
export const messagesCodec: Codec<MessagesEvent, MessageParam[]> = {
  name: PROVIDER,
  encoder: (log) => createEncoder(log),
  decoder: createDecoder,
  prompt: (branch) => Promise.resolve(toPrompt(branch)),
};
