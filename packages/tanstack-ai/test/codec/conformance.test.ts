import { describeCodec } from '@holdfast/conformance/codec';
import type { StreamChunk } from '@tanstack/ai/client';
import { vi } from 'vitest';
import { agUiCodec } from '../../src/index.ts';
import { events, fold, type Event } from './fold.ts';
import { STREAMS } from './streams.ts';

vi.spyOn(console, 'warn').mockImplementation(() => {});
vi.spyOn(console, 'error').mockImplementation(() => {});

const [unknown] = events([{ type: 'FUTURE_EVENT', value: [1] }]);

describeCodec<StreamChunk>({
  name: 'agUiCodec, read by StreamProcessor',
  codec: agUiCodec,
  streams: Object.entries(STREAMS).map(([name, stream]) => ({ name, chunks: events(stream) })),
  fold,
  unknown: unknown as StreamChunk,
  call(chunk) {
    const { type, toolCallId, outcome } = chunk as unknown as Event;
    if (type === 'TOOL_CALL_RESULT') return { is: 'settled', id: String(toolCallId) };
    const { interrupts = [] } = (outcome ?? {}) as { readonly interrupts?: readonly Event[] };
    const found = interrupts.find(({ id }) => String(id).startsWith('client_tool'));
    return found === undefined ? undefined : { is: 'run', id: String(found['toolCallId']) };
  },
});
