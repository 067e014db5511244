import type { MessageParam } from '@anthropic-ai/sdk/resources/messages/messages';
import { decideApproval, readApproval, readRun } from '@holdfast/core';
import { expect, test, vi } from 'vitest';
import { messagesCodec, type MessagesEvent } from '../../src/index.ts';
import { events, fold } from '../codec/fold.ts';
import { block, call, message, text, thinking } from '@holdfast/testing/messages-stream';
import { openProvider } from '@holdfast/testing/model-provider';
import { soon } from '@holdfast/testing/agent-scene';
import { openScene } from './scene.ts';

vi.setConfig({ testTimeout: 60_000 });

const asksWeather = (id = 'toolu_1') =>
  message([thinking('signed', 'Look.'), call('weather', ['{"city": ', '"Lima"}'], id)], {
    reason: 'tool_use',
  });
const weather = { weather: { run: (input: unknown) => ({ sky: 'blue', input }) } };

test('an answer reaches everybody, and the next question goes with all that was said', async () => {
  const stream = message([thinking('signed', 'Two?'), text('Lisbon ', 'has two.')]);
  const provider = await openProvider(stream);
  const scene = await openScene(provider);
  const run = scene.ask('How many airports?');
  expect(await scene.settled(run)).toBe('complete');
  expect(scene.shown(run)).toEqual(['(Two?)', 'Lisbon has two.']);
  expect(await scene.settled(scene.ask('Sure?'))).toBe('complete');
  const said = (words: string) => ({ role: 'user', content: [{ type: 'text', text: words }] });
  const content = [
    { type: 'thinking', thinking: 'Two?', signature: 'signed' },
    { type: 'text', text: 'Lisbon has two.', citations: null },
  ];
  expect(provider.requests.map(({ messages }) => messages)).toEqual([
    [said('How many airports?')],
    [said('How many airports?'), { role: 'assistant', content }, said('Sure?')],
  ]);
});

test('who reads the run has the provider’s message back', async () => {
  const stream = message([thinking('signed', 'Two?'), text('Lisbon ', 'has two.')]);
  const scene = await openScene(await openProvider(stream));
  const read: MessagesEvent[] = [];
  const run = scene.ask('How many airports?');
  for await (const event of readRun(scene.session, run, { codec: messagesCodec })) read.push(event);
  expect(await fold(read)).toEqual(await fold(events(stream)));
});

test('calls are run, and go back with the thought that led to them, signed', async () => {
  const provider = await openProvider(asksWeather(), message([text('Blue.')]));
  const scene = await openScene(provider, { tools: weather });
  const run = scene.ask('Weather?');
  expect(await scene.settled(run)).toBe('complete');
  expect(scene.shown(run)).toEqual(['(Look.)', '[weather result]', 'Blue.']);
  const messages = provider.requests[1]?.['messages'] as MessageParam[];
  const [, asked, told] = messages;
  expect(asked?.content).toMatchObject([
    { type: 'thinking', signature: 'signed' },
    { type: 'tool_use', id: 'toolu_1', input: { city: 'Lima' } },
  ]);
  const content = JSON.stringify({ sky: 'blue', input: { city: 'Lima' } });
  expect(told).toEqual({ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content }] });
});

test('a tool that throws is told to the model', async () => {
  const provider = await openProvider(asksWeather(), message([text('Sorry.')]));
  const scene = await openScene(provider, {
    tools: { weather: { run: () => Promise.reject(new Error('secret')) } },
    describeError: () => 'It failed.',
  });
  expect(await scene.settled(scene.ask('Weather?'))).toBe('complete');
  const messages = provider.requests[1]?.['messages'] as MessageParam[];
  expect(messages.at(-1)?.content).toMatchObject([{ content: 'It failed.', is_error: true }]);
});

test('a client’s tool suspends the run, and its result goes back', async () => {
  const provider = await openProvider(asksWeather(), message([text('Grey.')]));
  const scene = await openScene(provider);
  const run = scene.ask('Weather?');
  expect(await scene.settled(run)).toBe('suspended');
  await scene.session.answer({ run, callId: 'toolu_1' }, { type: 'output', output: 'grey' });
  await soon(() => expect(scene.session.run(run)?.status).toBe('complete'));
  expect(scene.shown(run).at(-1)).toBe('Grey.');
  const messages = provider.requests[1]?.['messages'] as MessageParam[];
  expect(messages.at(-1)?.content).toMatchObject([{ tool_use_id: 'toolu_1', content: 'grey' }]);
});

test.each([true, false])('a call that needs approval waits for it: %s', async (ok) => {
  const provider = await openProvider(asksWeather(), message([text('Done.')]));
  const seen: unknown[] = [];
  const scene = await openScene(provider, {
    tools: { weather: { needsApproval: () => true, run: (input) => void seen.push(input) } },
  });
  const run = scene.ask('Weather?');
  expect(await scene.settled(run)).toBe('suspended');
  const approval = readApproval(scene.session, { run, callId: 'toolu_1' });
  if (approval === undefined) throw new Error('Nobody was asked.');
  await decideApproval(scene.session, approval, { ok });
  await soon(() => expect(scene.session.run(run)?.status).toBe('complete'));
  expect(seen).toEqual(ok ? [{ city: 'Lima' }] : []);
  const messages = provider.requests[1]?.['messages'] as MessageParam[];
  expect(messages.at(-1)?.content).toMatchObject([{ content: ok ? 'null' : 'The call was denied.' }]);
});

test('a turn that the provider paused is gone on with', async () => {
  const search = call('web_search', ['{"query":"x"}'], 'srvtoolu_1', 'server_tool_use');
  const result = block({ type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [] });
  const provider = await openProvider(
    message([search], { reason: 'pause_turn' }),
    message([result, text('Two.')]),
  );
  const scene = await openScene(provider);
  const run = scene.ask('How many airports?');
  expect(await scene.settled(run)).toBe('complete');
  expect(scene.shown(run).at(-1)).toBe('Two.');
  const messages = provider.requests[1]?.['messages'] as MessageParam[];
  expect(messages.at(-1)).toMatchObject({ role: 'assistant', content: [{ type: 'server_tool_use' }] });
});

test('cancelling stops the model; what was said stays, and the next prompt says that it was stopped', async () => {
  const begun = message([thinking('signed', 'Hm'), text('Lisbon ', 'has')], { isCut: true }).slice(0, -1);
  const provider = await openProvider({ hangsAfter: begun }, message([text('Two.')]));
  const scene = await openScene(provider);
  const run = scene.ask('How many airports?');
  await soon(() => expect(scene.shown(run)).toContain('Lisbon has'));
  await scene.session.cancel(run);
  expect(await scene.settled(run)).toBe('cancelled');
  await soon(() => expect(provider.gone).toBe(1));
  expect(await scene.settled(scene.ask('Go on'))).toBe('complete');
  const messages = provider.requests[1]?.['messages'] as MessageParam[];
  expect(messages[1]?.content).toMatchObject([
    { type: 'thinking' },
    { text: 'Lisbon has' },
    { text: '[The user stopped this answer here.]' },
  ]);
});

const half = message([text('Lisbon ', 'has')], { isCut: true });
test.each([
  ['refuses', { status: 500 }],
  ['breaks off', { breaksAfter: half }],
  ['just ends', half],
  [
    'says so',
    [...half, { type: 'error', error: { type: 'overloaded_error', message: 'the provider’s own words' } }],
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
  const provider = await openProvider(asksWeather(), message([text('In Faro: blue.')]));
  const gate: { open?: () => void } = {};
  const opened = new Promise<void>((resolve) => (gate.open = resolve));
  const scene = await openScene(provider, { tools: { weather: { run: () => opened } } });
  const run = scene.ask('Weather?');
  await soon(() => expect(scene.shown(run)).toContain('[weather proposed]'));
  await scene.session.steer(run, { parts: [{ type: 'text', text: 'I meant Faro' }] });
  gate.open?.();
  expect(await scene.settled(run)).toBe('complete');
  const messages = provider.requests[1]?.['messages'] as MessageParam[];
  expect(messages.at(-1)?.content).toMatchObject([{ type: 'tool_result' }, { text: 'I meant Faro' }]);
});
