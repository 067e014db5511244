import type { UIMessageChunk } from 'ai';

const PM = { openai: { itemId: 'i1' } };
const CALL = { toolCallId: 'c1', toolName: 'weather' } as const;
const START = { type: 'tool-input-start', ...CALL } as const;
const AVAILABLE = { type: 'tool-input-available', ...CALL, input: { city: 'Lima', days: [1, 2] } } as const;
const ASK = { type: 'tool-approval-request', approvalId: 'a1', toolCallId: 'c1' } as const;
const delta = (inputTextDelta: string) =>
  ({ type: 'tool-input-delta', toolCallId: 'c1', inputTextDelta }) as const;

/** For each chunk type, streams that show it with few and with all of its fields. */
export const EACH_TYPE: Readonly<Record<string, readonly (readonly UIMessageChunk[])[]>> = {
  start: [[{ type: 'start' }], [{ type: 'start', messageId: 'm1', messageMetadata: { model: 'm' } }]],
  'start-step': [[{ type: 'start-step' }, { type: 'start-step' }]],
  'finish-step': [[{ type: 'start-step' }, { type: 'finish-step' }]],
  'reset-step': [
    [
      { type: 'custom', kind: 'a.b' },
      { type: 'start-step' },
      { type: 'custom', kind: 'a.c' },
      { type: 'reset-step' },
    ],
  ],
  'message-metadata': [
    [
      { type: 'message-metadata', messageMetadata: { a: { b: 1 } } },
      { type: 'message-metadata', messageMetadata: { a: { c: [2] } } },
    ],
  ],
  finish: [[{ type: 'finish' }], [{ type: 'finish', finishReason: 'stop', messageMetadata: { tokens: 3 } }]],
  abort: [[{ type: 'abort' }], [{ type: 'abort', reason: 'user' }]],
  error: [[{ type: 'error', errorText: 'it broke' }]],
  'text-start': [[{ type: 'text-start', id: '0', providerMetadata: PM }]],
  'text-delta': [
    [
      { type: 'text-start', id: '0' },
      { type: 'text-delta', id: '0', delta: 'one' },
      { type: 'text-delta', id: '0', delta: '', providerMetadata: PM },
      { type: 'text-delta', id: '0', delta: ' two', providerMetadata: { other: {} } },
    ],
  ],
  'text-end': [
    [
      { type: 'text-start', id: '0' },
      {
        type: 'text-end',
        id: '0',
        providerMetadata: PM,
        citations: [{ source: { type: 'url', url: 'u' } }],
      } as never,
    ],
  ],
  'reasoning-start': [[{ type: 'reasoning-start', id: '0', providerMetadata: PM }]],
  'reasoning-delta': [
    [
      { type: 'text-start', id: '0' },
      { type: 'reasoning-start', id: '0' },
      { type: 'reasoning-delta', id: '0', delta: 'why', providerMetadata: PM },
      { type: 'text-delta', id: '0', delta: 'because' },
    ],
  ],
  'reasoning-end': [
    [
      { type: 'reasoning-start', id: '0' },
      { type: 'reasoning-end', id: '0', providerMetadata: PM },
    ],
  ],
  'tool-input-start': [
    [START],
    [
      {
        ...START,
        dynamic: true,
        title: 'Weather',
        inputEncoding: 'text',
        providerExecuted: true,
        providerMetadata: PM,
        toolMetadata: { server: 's' },
      },
    ],
  ],
  'tool-input-delta': [
    [START, delta('')],
    [START, delta('{"city":"Li'), delta('ma","da')],
    [{ ...START, inputEncoding: 'text' }, delta('select'), delta(' 1')],
  ],
  'tool-input-available': [
    [AVAILABLE],
    [START, delta('{"city":"Lima","days":[1,2]}'), AVAILABLE],
    [START, delta('{"city":'), AVAILABLE],
    [
      {
        ...AVAILABLE,
        dynamic: true,
        title: 'Weather',
        providerExecuted: true,
        providerMetadata: PM,
        toolMetadata: { server: 's' },
      },
    ],
  ],
  'tool-input-error': [
    [{ type: 'tool-input-error', ...CALL, input: '{"a"', errorText: 'no JSON', providerMetadata: PM }],
    [START, delta('{"a"'), { type: 'tool-input-error', ...CALL, input: '{"a"', errorText: 'no JSON' }],
    [
      {
        type: 'tool-input-error',
        ...CALL,
        input: {},
        errorText: 'no',
        dynamic: true,
        toolMetadata: { s: 1 },
        title: 't',
      },
    ],
  ],
  'tool-approval-request': [
    [AVAILABLE, ASK],
    [
      AVAILABLE,
      {
        ...ASK,
        reason: 'costs money',
        isAutomatic: true,
        signature: 's',
        inputSchemaInput: { type: 'object' },
        approvalDescriptor: { rule: 1 },
      },
    ],
  ],
  'tool-approval-response': [
    [AVAILABLE, ASK, { type: 'tool-approval-response', approvalId: 'a1', approved: true }],
    [
      AVAILABLE,
      ASK,
      {
        type: 'tool-approval-response',
        approvalId: 'a1',
        approved: false,
        reason: 'no',
        providerExecuted: true,
        providerMetadata: PM,
      },
    ],
  ],
  'tool-output-available': [
    [AVAILABLE, { type: 'tool-output-available', toolCallId: 'c1', output: [1] }],
    [
      { ...AVAILABLE, dynamic: true },
      {
        type: 'tool-output-available',
        toolCallId: 'c1',
        output: { text: 'a' },
        preliminary: true,
        dynamic: true,
        providerExecuted: true,
        providerMetadata: PM,
        toolMetadata: { server: 's' },
      },
      { type: 'tool-output-available', toolCallId: 'c1', output: { text: 'ab' }, preliminary: true },
      { type: 'tool-output-available', toolCallId: 'c1', output: { text: 'ab' } },
    ],
  ],
  'tool-output-error': [
    [AVAILABLE, { type: 'tool-output-error', toolCallId: 'c1', errorText: 'no' }],
    [
      START,
      delta('{"city":'),
      {
        type: 'tool-output-error',
        toolCallId: 'c1',
        errorText: 'no',
        providerMetadata: PM,
        providerExecuted: true,
      },
    ],
  ],
  'tool-output-denied': [[AVAILABLE, ASK, { type: 'tool-output-denied', toolCallId: 'c1' }]],
  'source-url': [
    [{ type: 'source-url', sourceId: 's', url: 'u' }],
    [{ type: 'source-url', sourceId: 's', url: 'u', title: 't', providerMetadata: PM }],
  ],
  'source-document': [
    [{ type: 'source-document', sourceId: 's', mediaType: 'text/plain', title: 't' }],
    [
      {
        type: 'source-document',
        sourceId: 's',
        mediaType: 'text/plain',
        title: 't',
        filename: 'f',
        providerMetadata: PM,
      },
    ],
  ],
  file: [[{ type: 'file', url: 'data:,', mediaType: 'image/png', providerMetadata: PM }]],
  'reasoning-file': [
    [{ type: 'reasoning-file', url: 'data:,', mediaType: 'image/png', providerMetadata: PM }],
  ],
  custom: [[{ type: 'custom', kind: 'a.b', providerMetadata: PM }]],
  'steering-message': [[{ type: 'steering-message', id: 'u1', parts: [{ type: 'text', text: 'hurry' }] }]],
  'data-': [
    [
      { type: 'data-chart', data: [1] },
      { type: 'data-chart', data: [2] },
    ],
    [
      { type: 'data-chart', id: '1', data: { log: 'a', state: 'busy' } },
      { type: 'data-chart', id: '1', data: { log: 'ab', state: 'busy' } },
      { type: 'data-chart', id: '1', data: { log: 'abc', state: 'done' } },
    ],
  ],
};
