import type { Event } from './fold.ts';

export const started: Event = { type: 'RUN_STARTED', runId: 'r1', threadId: 't' };

export function finished(finishReason = 'stop'): Event {
  const usage = { promptTokens: 3, completionTokens: 2, totalTokens: 5 };
  return { type: 'RUN_FINISHED', runId: 'r1', threadId: 't', finishReason, usage };
}

export function text(messageId: string, ...deltas: readonly string[]): Event[] {
  return [
    { type: 'TEXT_MESSAGE_START', messageId, role: 'assistant' },
    ...deltas.map((delta) => ({ type: 'TEXT_MESSAGE_CONTENT', messageId, delta })),
    { type: 'TEXT_MESSAGE_END', messageId },
  ];
}

export function call(toolCallId: string, toolCallName: string, ...args: readonly string[]): Event[] {
  return [
    { type: 'TOOL_CALL_START', toolCallId, toolCallName, toolName: toolCallName },
    ...args.map((delta) => ({ type: 'TOOL_CALL_ARGS', toolCallId, delta })),
    { type: 'TOOL_CALL_END', toolCallId },
  ];
}

export function result(toolCallId: string, content: string, isError = false): Event {
  const metadata = isError ? { metadata: { tanstack: { state: 'output-error' } } } : {};
  return { type: 'TOOL_CALL_RESULT', messageId: 'any', toolCallId, content, role: 'tool', ...metadata };
}

export function reasoning(stepName: string, ...deltas: readonly string[]): Event[] {
  return [
    { type: 'STEP_STARTED', stepName },
    { type: 'REASONING_START', messageId: stepName },
    { type: 'REASONING_MESSAGE_START', messageId: stepName, role: 'reasoning' },
    ...deltas.map((delta) => ({ type: 'REASONING_MESSAGE_CONTENT', messageId: stepName, delta })),
    { type: 'REASONING_MESSAGE_END', messageId: stepName },
    { type: 'REASONING_END', messageId: stepName },
  ];
}

export function signed(stepName: string, encryptedValue: string): Event {
  return { type: 'REASONING_ENCRYPTED_VALUE', subtype: 'message', entityId: stepName, encryptedValue };
}

function structured(messageId: string, ...deltas: readonly string[]): Event[] {
  return [
    { type: 'TEXT_MESSAGE_START', messageId, role: 'assistant' },
    { type: 'CUSTOM', name: 'structured-output.start', value: { messageId } },
    ...deltas.map((delta) => ({ type: 'TEXT_MESSAGE_CONTENT', messageId, delta })),
  ];
}

function complete(messageId: string, object: unknown, raw: string): Event {
  return { type: 'CUSTOM', name: 'structured-output.complete', value: { messageId, object, raw } };
}

/** An interrupt as `chat()` describes it. */
export function interrupt(toolCallId: string, kind: 'approval' | 'client_tool'): Event {
  const id = `${kind === 'approval' ? 'approval' : 'client_tool'}_${toolCallId}`;
  const message = 'please';
  const metadata = { kind, toolName: 'pay', input: {} };
  return { type: 'interrupt', id, reason: 'tool_call', toolCallId, message, responseSchema: {}, metadata };
}

export function interrupted(...interrupts: readonly Event[]): Event {
  const outcome = { type: 'interrupt', interrupts: interrupts.map(({ type: _type, ...each }) => each) };
  return { type: 'RUN_FINISHED', runId: 'r1', threadId: 't', finishReason: 'tool_calls', outcome };
}

const resource = { uri: 'ui://chart', mimeType: 'text/html', text: '<p>' };

/** Streams that show what AG-UI can say to a chat: every event type, and what readers are known to be particular about. */
export const STREAMS: Readonly<Record<string, readonly Event[]>> = {
  'plain text': [started, ...text('m1', 'Lisbon ', 'has two ', 'airports: 😀', '\u001e.'), finished()],
  'a turn with server tools': [
    started,
    ...text('m1', 'Let me ', 'see.'),
    ...call('c1', 'weather', '{"city":', ' "Lima"}'),
    ...call('c2', 'weather', '{"city":"Faro"}'),
    finished('tool_calls'),
    result('c1', '{"sky":"sunny"}'),
    result('c2', 'no such city', true),
    ...text('m2', 'Sunny.'),
    finished(),
  ],
  'calls before any message, which gets its name later': [
    started,
    ...call('c1', 'weather', '{"town":1}'),
    finished('tool_calls'),
    result('c1', '{"error":"Validation failed"}', true),
    ...text('m2', 'Sorry.'),
    finished(),
  ],
  'reasoning, then text': [
    started,
    ...reasoning('s1', 'Two ', 'cities.'),
    signed('s1', 'sig'),
    ...text('m1', 'Yes.'),
    finished(),
  ],
  'steps of reasoning between texts and tools': [
    started,
    { type: 'TEXT_MESSAGE_START', messageId: 'm1', role: 'assistant' },
    ...reasoning('s1', 'one'),
    { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm1', delta: 'A' },
    ...reasoning('s2', 'two'),
    { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm1', delta: 'B' },
    ...call('c1', 'weather', '{}'),
    ...reasoning('s3', 'three'),
    { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm1', delta: 'C' },
    { type: 'STEP_FINISHED', stepName: 's3', signature: 'late' },
    result('c1', '"x"'),
    finished(),
  ],
  'reasoning that goes on after text': [
    started,
    ...text('m1', 'Well'),
    { type: 'REASONING_MESSAGE_CONTENT', messageId: 's1', delta: 'hm' },
    { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm1', delta: ', yes' },
    { type: 'REASONING_MESSAGE_CONTENT', messageId: 's1', delta: 'm' },
    { type: 'REASONING_MESSAGE_CONTENT', messageId: 's2', delta: 'm' },
    finished(),
  ],
  'a result between calls, and text between a call and its result': [
    started,
    ...text('m1', 'First'),
    ...call('c1', 'one', '{}'),
    result('c1', '1'),
    ...call('c2', 'two', '{"a" : 1}'),
    { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm1', delta: 'meanwhile' },
    result('c2', '"text"'),
    ...call('c3', 'three', '{}'),
    ...call('c4', 'four', '{}'),
    result('c4', '4'),
    result('c3', 'null'),
    finished(),
  ],
  'arguments cut short, none at all, and given at the end': [
    started,
    ...call('c1', 'one', '{"a":'),
    ...call('c2', 'two'),
    {
      type: 'TOOL_CALL_START',
      toolCallId: 'c3',
      toolCallName: 'three',
      metadata: { providerExecuted: true },
    },
    { type: 'TOOL_CALL_END', toolCallId: 'c3', input: { q: 1 } },
    { type: 'TOOL_CALL_START', toolCallId: 'c5', toolCallName: 'five', metadata: { thought: 't' } },
    { type: 'TOOL_CALL_ARGS', toolCallId: 'c5', delta: '{"n":1}' },
    { type: 'TOOL_CALL_END', toolCallId: 'c5', input: { n: '1' } },
    { type: 'REASONING_ENCRYPTED_VALUE', subtype: 'tool-call', entityId: 'c5', encryptedValue: 'sig' },
    finished(),
  ],
  'calls beside each other, in deltas': [
    started,
    { type: 'TEXT_MESSAGE_START', messageId: 'm1', role: 'assistant', metadata: { a: { b: 1 } } },
    { type: 'TOOL_CALL_START', toolCallId: 'c1', toolCallName: 'one', parentMessageId: 'm1' },
    { type: 'TOOL_CALL_START', toolCallId: 'c2', toolCallName: 'two', parentMessageId: 'm1' },
    { type: 'TOOL_CALL_ARGS', toolCallId: 'c1', delta: '{"a":' },
    { type: 'TOOL_CALL_ARGS', toolCallId: 'c2', delta: '{"b":' },
    { type: 'TOOL_CALL_ARGS', toolCallId: 'c1', delta: '"x"}' },
    { type: 'TOOL_CALL_ARGS', toolCallId: 'c2', delta: '"y"}' },
    { type: 'TOOL_CALL_END', toolCallId: 'c2' },
    { type: 'TOOL_CALL_END', toolCallId: 'c1' },
    {
      type: 'TEXT_MESSAGE_END',
      messageId: 'm1',
      metadata: { c: 2, tanstack: { createdAt: '2026-01-02T03:04:05.000Z' } },
    },
    finished('tool_calls'),
  ],
  'two messages at a time': [
    started,
    { type: 'TEXT_MESSAGE_START', messageId: 'm1', role: 'assistant' },
    { type: 'TEXT_MESSAGE_START', messageId: 'm2', role: 'assistant' },
    { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm1', delta: 'one' },
    { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm2', delta: 'two' },
    { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm1', delta: ' more' },
    { type: 'TOOL_CALL_START', toolCallId: 'c1', toolCallName: 'one', parentMessageId: 'm1' },
    { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm2', delta: ' more' },
    { type: 'TOOL_CALL_END', toolCallId: 'c1' },
    result('c1', '{}'),
    finished(),
  ],
  'a message of a user': [
    started,
    { type: 'TEXT_MESSAGE_START', messageId: 'u1', role: 'user' },
    { type: 'TEXT_MESSAGE_CONTENT', messageId: 'u1', delta: 'By the way' },
    { type: 'TEXT_MESSAGE_END', messageId: 'u1' },
    ...text('m1', 'Noted.'),
    finished(),
  ],
  'structured output': [
    started,
    ...structured('m1', '{"a":', '[1,', '2]}'),
    complete('m1', { a: [1, 2] }, '{"a":[1,2]}'),
    finished(),
  ],
  'structured output that was not finished': [started, ...structured('m1', '{"a":', '1'), finished()],
  'structured output that failed': [
    started,
    ...structured('m1', '{"a":'),
    { type: 'RUN_ERROR', message: 'overloaded', runId: 'r1' },
  ],
  'structured output that came whole': [
    started,
    { type: 'TEXT_MESSAGE_START', messageId: 'm1', role: 'assistant' },
    complete('m1', { a: 1 }, ''),
    finished(),
  ],
  'a call with a resource to show': [
    started,
    ...text('m1', 'See:'),
    ...call('c1', 'chart', '{}'),
    result('c1', 'ok'),
    {
      type: 'CUSTOM',
      name: 'ui-resource',
      value: { resource, toolCallId: 'c1', toolName: 'chart', serverId: 's' },
    },
    finished(),
  ],
  'an approval': [
    started,
    ...text('m1', 'Shall I?'),
    ...call('c1', 'pay', '{"sum":7}'),
    interrupted(interrupt('c1', 'approval')),
  ],
  'an approval asked for in the old way, then given': [
    started,
    ...text('m1', 'Shall I?'),
    ...call('c1', 'pay', '{"sum":7}'),
    {
      type: 'CUSTOM',
      name: 'approval-requested',
      value: {
        toolCallId: 'c1',
        toolName: 'pay',
        input: { sum: 7 },
        approval: { id: 'a1', needsApproval: true },
      },
    },
    result('c1', '"paid"'),
    finished(),
  ],
  'a tool of the client': [
    started,
    ...text('m1', 'Where?'),
    ...call('c1', 'locate', '{}'),
    interrupted(interrupt('c1', 'client_tool')),
  ],
  'a blank answer': [
    started,
    ...call('c1', 'one', '{}'),
    result('c1', '1'),
    ...text('m1', ' \n'),
    finished(),
  ],
  'a blank answer by itself': [started, ...text('m1', '\n'), finished()],
  'an error before anything': [started, { type: 'RUN_ERROR', message: 'overloaded', runId: 'r1' }],
  'an error in mid-sentence': [
    started,
    ...text('m1', 'Lisb').slice(0, 2),
    { type: 'RUN_ERROR', message: 'overloaded', code: '529', runId: 'r1' },
  ],
  'events that no message shows': [
    started,
    { type: 'STATE_SNAPSHOT', snapshot: { a: 1 } },
    ...text('m1', 'Done.'),
    { type: 'STATE_DELTA', delta: [{ op: 'replace', path: '/a', value: 2 }] },
    { type: 'CUSTOM', name: 'progress', value: { done: 1 } },
    { type: 'RAW', event: { a: 1 } },
    { type: 'ACTIVITY_SNAPSHOT', messageId: 'a1', activityType: 'plan', content: {} },
    finished(),
  ],
  'what goes on after the end': [
    started,
    ...text('m1', 'One'),
    finished(),
    { type: 'TEXT_MESSAGE_CONTENT', messageId: 'm1', delta: ' more' },
    { type: 'REASONING_MESSAGE_CONTENT', messageId: 's1', delta: 'late' },
    finished(),
  ],
};

/** What no model sends, and only the hidden state of one reader decides on: nobody else can go on with it. */
export const ODD: Readonly<Record<string, readonly Event[]>> = {
  'a result before the arguments end': [
    started,
    ...text('m1', 'One'),
    { type: 'TOOL_CALL_START', toolCallId: 'c4', toolCallName: 'four' },
    { type: 'TOOL_CALL_ARGS', toolCallId: 'c4', delta: '{"n":1}' },
    result('c4', '4'),
    finished(),
  ],
};
