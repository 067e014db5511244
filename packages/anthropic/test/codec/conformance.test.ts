import { describeCodec } from '@holdfast/conformance/codec';
import { vi } from 'vitest';
import { messagesCodec, type MessagesEvent } from '../../src/index.ts';
import { events, fold } from './fold.ts';
import { STREAMS } from './streams.ts';

vi.spyOn(console, 'warn').mockImplementation(() => {});

const [unknown] = events([{ type: 'future_event', value: [1] }]);

describeCodec<MessagesEvent>({
  name: 'messagesCodec, read by the SDK’s MessageStream',
  codec: messagesCodec,
  streams: Object.entries(STREAMS).map(([name, stream]) => ({ name, chunks: events(stream) })),
  fold,
  unknown: unknown as MessagesEvent,
});
