import { describeCodec } from '@holdfast/conformance/codec';
import type { UIMessageChunk } from 'ai';
import { uiMessageCodec } from '../../src/index.ts';
import { EACH_TYPE } from './each-type.ts';
import { sdkFold, VERSIONS, type Version } from './sdk-fold.ts';

const SETTLED = /^tool-(?:input-error|output-)/u;

const tools: readonly UIMessageChunk[] = [
  { type: 'start', messageId: 'm1' },
  { type: 'start-step' },
  { type: 'reasoning-start', id: '0' },
  { type: 'text-start', id: '0' },
  { type: 'reasoning-delta', id: '0', delta: 'Two cities: 😀' },
  { type: 'text-delta', id: '0', delta: 'Let me see.' },
  { type: 'reasoning-end', id: '0' },
  { type: 'tool-input-start', toolCallId: 'c1', toolName: 'weather' },
  { type: 'tool-input-start', toolCallId: 'c2', toolName: 'weather', dynamic: true },
  { type: 'tool-input-delta', toolCallId: 'c1', inputTextDelta: '{"city":' },
  { type: 'tool-input-delta', toolCallId: 'c2', inputTextDelta: '{"city":"Faro"}' },
  { type: 'tool-input-delta', toolCallId: 'c1', inputTextDelta: '"Lima"}' },
  { type: 'tool-input-available', toolCallId: 'c1', toolName: 'weather', input: { city: 'Lima' } },
  {
    type: 'tool-input-available',
    toolCallId: 'c2',
    toolName: 'weather',
    input: { city: 'Faro' },
    dynamic: true,
  },
  { type: 'text-end', id: '0' },
  { type: 'tool-output-available', toolCallId: 'c2', output: { log: 'asking' }, preliminary: true },
  { type: 'tool-output-error', toolCallId: 'c1', errorText: 'no such city' },
  { type: 'tool-output-available', toolCallId: 'c2', output: { log: 'asking: sunny' }, preliminary: true },
  { type: 'tool-output-available', toolCallId: 'c2', output: { log: 'asking: sunny' } },
  { type: 'finish-step' },
  { type: 'start-step' },
  { type: 'text-start', id: '0' },
  { type: 'text-delta', id: '0', delta: 'Sunny\u001e in Faro' },
  { type: 'text-delta', id: '0', delta: '.' },
  { type: 'text-end', id: '0' },
  { type: 'finish-step' },
  { type: 'finish', finishReason: 'stop' },
];

async function fold(chunks: readonly UIMessageChunk[], version: Version): Promise<unknown> {
  const { message, errors } = await sdkFold(chunks, version);
  const said = chunks.flatMap((chunk) => (chunk.type === 'error' ? [chunk.errorText] : []));
  const failed = errors.filter((error) => !said.includes(error));
  if (failed.length > 0) throw new Error(failed.join('; '));
  return message;
}

for (const version of VERSIONS) {
  describeCodec<UIMessageChunk>({
    name: `uiMessageCodec, read by ${version}`,
    codec: uiMessageCodec,
    streams: [
      { name: 'a turn with tools', chunks: tools },
      ...Object.entries(EACH_TYPE)
        // The AI SDK 6 passes over the chunk, and with it over what it says about the call.
        .filter(([name]) => version === 'ai' || name !== 'tool-approval-response')
        .flatMap(([name, streams]) => streams.map((chunks) => ({ name, chunks }))),
    ],
    fold: (chunks) => fold(chunks, version),
    unknown: { type: 'future-chunk', value: [1] } as unknown as UIMessageChunk,
    transient: { type: 'data-note', data: 1, transient: true },
    call(chunk) {
      if (chunk.type === 'tool-input-available') return { is: 'run', id: chunk.toolCallId };
      const isSettled = SETTLED.test(chunk.type) && 'toolCallId' in chunk;
      return isSettled ? { is: 'settled', id: chunk.toolCallId } : undefined;
    },
    skip:
      version === 'ai' ? {} : { 'I11.rewound': 'AI SDK 6 has no reset-step: there a message is replayed' },
  });
}
