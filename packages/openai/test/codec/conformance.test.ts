import { describeCodec } from '@holdfast/conformance/codec';
import { vi } from 'vitest';
import { responsesCodec, type ResponsesEvent } from '../../src/index.ts';
import { events, fold } from './fold.ts';
import { STREAMS } from './streams.ts';

vi.spyOn(console, 'warn').mockImplementation(() => {});

const [unknown, partial] = events([
  { type: 'response.future.delta', value: [1] },
  { type: 'response.image_generation_call.partial_image', partial_image_b64: 'AAAA', partial_image_index: 0 },
]);

describeCodec<ResponsesEvent>({
  name: 'responsesCodec, read by the SDK’s accumulator',
  codec: responsesCodec,
  streams: Object.entries(STREAMS).map(([name, stream]) => ({ name, chunks: events(stream) })),
  fold,
  unknown: unknown as ResponsesEvent,
  transient: partial as ResponsesEvent,
});
