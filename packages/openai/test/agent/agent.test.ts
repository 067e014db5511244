import { expect, test, vi } from 'vitest';
import type { ResponseInputItem } from 'openai/resources/responses/responses';
import { decideApproval, readApproval, readRun, type RunId } from '@holdfast/core';
import { responsesCodec, type ResponsesEvent } from '../../src/index.ts';
import { events, fold } from '../codec/fold.ts';
import { functionCall, response, summary, text, whole } from '@holdfast/testing/responses-stream';
import { openProvider } from '@holdfast/testing/model-provider';
import { soon, type Scene } from '@holdfast/testing/agent-scene';
import { openScene } from './scene.ts';

vi.setConfig({ testTimeout: 60_000 });

const asksWeather = (id = 'call_1') =>
  response([summary('sealed', ['Look.']), functionCall('weather', '{"city":"Lima"}', id)], {
    fields: { store: false },
  });
const weather = { weather: { run: (input: unknown) => ({ sky: 'blue', input }) } };

async function decide(
  { session }: Scene,
  run: RunId,
  callId: string,
  decision: { readonly ok: boolean; readonly reason?: string },
): Promise<void> {
  const approval = readApproval(session, { run, callId });
  if (approval === undefined) throw new Error('Nobody was asked.');
  await decideApproval(session, approval, decision);
}

function answerTo(scene: Scene, run: RunId, callId: string) {
  return (output: string) => scene.session.answer({ run, callId }, { type: 'output', output });
}

test('an answer reaches everybody, and the next question goes with all that was said', async () => {
  const stream = response([summary('sealed', ['Two?']), text('Lisbon ', 'has two.')]);
  const provider = await openProvider(stream);
  const scene = await openScene(provider);
  const run = scene.ask('How many airports?');
  expect(await scene.settled(run)).toBe('complete');
  expect(scene.shown(run)).toEqual(['(Two?)', 'Lisbon has two.']);
  expect(await scene.settled(scene.ask('Sure?'))).toBe('complete');
  const said = (words: string) => ({
    type: 'message',
    role: 'user',
    content: [{ type: 'input_text', text: words }],
  });
  const items = stream.flatMap((event) =>
    event.type === 'response.output_item.done' ? [event['item']] : [],
  );
  expect(provider.requests.map(({ input }) => input)).toEqual([
    [said('How many airports?')],
    [said('How many airports?'), ...items, said('Sure?')],
  ]);
});

test('who reads the run has the provider’s response back; what it repeats of the request is left out by default', async () => {
  const stream = response([summary('sealed', ['Two?']), text('Lisbon ', 'has two.')]);
  for (const sendRequest of [true, false]) {
    const scene = await openScene(await openProvider(stream), { sendRequest });
    const run = scene.ask('How many airports?');
    const read: ResponsesEvent[] = [];
    for await (const event of readRun(scene.session, run, { codec: responsesCodec })) read.push(event);
    if (sendRequest) expect(fold(read)).toEqual(fold(events(stream)));
    else expect(JSON.stringify(read)).not.toContain('Be brief.');
  }
});

test('calls are run, and go back with the reasoning that led to them', async () => {
  const provider = await openProvider(asksWeather(), response([text('Blue.')]));
  const scene = await openScene(provider, { tools: weather });
  const run = scene.ask('Weather?');
  expect(await scene.settled(run)).toBe('complete');
  expect(scene.shown(run)).toEqual(['(Look.)', '[weather result]', 'Blue.']);
  const input = provider.requests[1]?.['input'] as ResponseInputItem[];
  expect(input.map(({ type }) => type)).toEqual([
    'message',
    'reasoning',
    'function_call',
    'function_call_output',
  ]);
  expect(input[1]).toMatchObject({ encrypted_content: 'sealed' });
  expect(input[3]).toMatchObject({
    call_id: 'call_1',
    output: JSON.stringify({ sky: 'blue', input: { city: 'Lima' } }),
  });
});

test('a tool that throws, and an input that is no JSON, are told to the model', async () => {
  const broken = response([
    functionCall('weather', '{"city":', 'call_2'),
    functionCall('weather', '{}', 'call_3'),
  ]);
  const provider = await openProvider(broken, response([text('Sorry.')]));
  const scene = await openScene(provider, {
    tools: { weather: { run: () => Promise.reject(new Error('secret')) } },
    describeError: () => 'It failed.',
  });
  const run = scene.ask('Weather?');
  expect(await scene.settled(run)).toBe('complete');
  const input = provider.requests[1]?.['input'] as ResponseInputItem[];
  expect(input.slice(-4)).toMatchObject([
    { call_id: 'call_2', arguments: '{}' },
    { call_id: 'call_3' },
    { call_id: 'call_2', output: 'The input is not valid JSON.' },
    { call_id: 'call_3', output: 'It failed.' },
  ]);
});

test('a client’s tool suspends the run, and its result goes back', async () => {
  const provider = await openProvider(asksWeather(), response([text('Grey.')]));
  const scene = await openScene(provider);
  const run = scene.ask('Weather?');
  expect(await scene.settled(run)).toBe('suspended');
  await answerTo(scene, run, 'call_1')('grey');
  await soon(() => expect(scene.session.run(run)?.status).toBe('complete'));
  expect(scene.shown(run).at(-1)).toBe('Grey.');
  const input = provider.requests[1]?.['input'] as ResponseInputItem[];
  expect(input.at(-1)).toMatchObject({ type: 'function_call_output', output: 'grey' });
});

test.each([true, false])('a call that needs approval waits for it: %s', async (ok) => {
  const provider = await openProvider(asksWeather(), response([text('Done.')]));
  const seen: unknown[] = [];
  const scene = await openScene(provider, {
    tools: { weather: { needsApproval: true, run: (input) => void seen.push(input) } },
  });
  const run = scene.ask('Weather?');
  expect(await scene.settled(run)).toBe('suspended');
  await decide(scene, run, 'call_1', { ok, reason: 'because' });
  await soon(() => expect(scene.session.run(run)?.status).toBe('complete'));
  expect(seen).toEqual(ok ? [{ city: 'Lima' }] : []);
  const input = provider.requests[1]?.['input'] as ResponseInputItem[];
  expect(input.at(-1)).toMatchObject({ output: ok ? 'null' : 'The call was denied. because' });
});

test('a remote tool that asks for approval is answered in the provider’s way', async () => {
  const asks = whole({
    type: 'mcp_approval_request',
    id: 'mcpr_1',
    server_label: 'wiki',
    name: 'ask',
    arguments: '{}',
  });
  const provider = await openProvider(response([asks]), response([text('Done.')]));
  const scene = await openScene(provider);
  const run = scene.ask('Ask the wiki');
  expect(await scene.settled(run)).toBe('suspended');
  await decide(scene, run, 'mcpr_1', { ok: true });
  await soon(() => expect(scene.session.run(run)?.status).toBe('complete'));
  const input = provider.requests[1]?.['input'] as ResponseInputItem[];
  expect(input.at(-1)).toEqual({
    type: 'mcp_approval_response',
    approval_request_id: 'mcpr_1',
    approve: true,
  });
});

test('cancelling stops the model; what was said stays, and the next prompt says that it was stopped', async () => {
  const begun = response([text('Lisbon ', 'has')], { type: 'none' }).slice(0, 6);
  const provider = await openProvider({ hangsAfter: begun }, response([text('Two.')]));
  const scene = await openScene(provider);
  const run = scene.ask('How many airports?');
  await soon(() => expect(scene.shown(run)).toEqual(['Lisbon has']));
  await scene.session.cancel(run);
  expect(await scene.settled(run)).toBe('cancelled');
  await soon(() => expect(provider.gone).toBe(1));
  expect(await scene.settled(scene.ask('Go on'))).toBe('complete');
  const input = provider.requests[1]?.['input'] as ResponseInputItem[];
  expect(input[1]).toMatchObject({ status: 'incomplete', content: [{ text: 'Lisbon has' }] });
  expect(input[2]).toEqual({ role: 'assistant', content: '[The user stopped this answer here.]' });
});

const half = response([text('Lisbon ', 'has')], { type: 'none' }).slice(0, 6);
test.each([
  ['refuses', { status: 500 }],
  ['breaks off', { breaksAfter: half }],
  ['just ends', half],
  ['says so', [...half, { type: 'error', code: 'x', message: 'the provider’s own words', param: null }]],
  [
    'fails',
    response([], {
      type: 'response.failed',
      fields: { error: { code: 'server_error', message: 'the provider’s own words' } },
    }),
  ],
] as const)(
  'a provider that %s ends the run as an error, in the application’s words',
  async (_name, reply) => {
    const scene = await openScene(await openProvider(reply), { describeError: () => 'Try again later.' });
    const run = scene.ask('How many airports?');
    expect(await scene.settled(run)).toBe('error');
    expect(scene.session.run(run)?.reason).toBe('Try again later.');
    expect(scene.shown(run)).toContain('! Try again later.');
    expect(JSON.stringify(scene.parts(run))).not.toContain('own words');
  },
);

test('what people say meanwhile is told to the model at its next turn', async () => {
  const provider = await openProvider(asksWeather(), response([text('In Faro: blue.')]));
  const gate: { open?: () => void } = {};
  const opened = new Promise<void>((resolve) => (gate.open = resolve));
  const scene = await openScene(provider, { tools: { weather: { run: () => opened } } });
  const run = scene.ask('Weather?');
  await soon(() => expect(scene.shown(run)).toContain('[weather proposed]'));
  await scene.session.steer(run, { parts: [{ type: 'text', text: 'I meant Faro' }] });
  gate.open?.();
  expect(await scene.settled(run)).toBe('complete');
  const input = provider.requests[1]?.['input'] as ResponseInputItem[];
  expect(input.at(-1)).toEqual({
    type: 'message',
    role: 'user',
    content: [{ type: 'input_text', text: 'I meant Faro' }],
  });
});

test('a model that never comes to an end is stopped', async () => {
  const provider = await openProvider(asksWeather('call_1'), asksWeather('call_2'), asksWeather('call_3'));
  const scene = await openScene(provider, { tools: weather, maxTurns: 2 });
  expect(await scene.settled(scene.ask('Weather?'))).toBe('error');
  expect(provider.requests).toHaveLength(2);
  expect(scene.failures).toMatchObject([{ message: 'The model took more than 2 turns.' }]);
});
