import type { Codec } from '@holdfast/codec';
import type { ResponseInputItem } from 'openai/resources/responses/responses';
import { PROVIDER, type ResponsesEvent } from './any-event.ts';
import { createDecoder } from './decoder.ts';
import { createEncoder } from './encoder.ts';
import { toPrompt } from './prompt.ts';

/**
 * Events of OpenAI's Responses API in a frame log. Decoded events give the SDK's accumulator the responses that the original
 * ones give it, wherever the log was cut or joined; what became of calls that the application ran comes as events of the
 * session's own.
 */
export const responsesCodec: Codec<ResponsesEvent, ResponseInputItem[]> = {
  name: PROVIDER,
  encoder: (log) => createEncoder(log),
  decoder: createDecoder,
  prompt: (branch) => Promise.resolve(toPrompt(branch)),
};
