import { isEnded, type RunId } from '@holdfast/core';
import { describe, expect, test, vi } from 'vitest';
import { FEATURES, turnsOf, type Feature } from './matrix/features.ts';
import { AGENTS, CLIENTS, type AgentFramework, type ClientFramework } from './matrix/frameworks.ts';
import { createStage, soon } from './matrix/stage.ts';
import { says } from './matrix/turns.ts';

// Unknown events are told of in the console.
vi.spyOn(console, 'warn').mockImplementation(() => {});

const CASES = AGENTS.flatMap((agent) =>
  FEATURES.flatMap((feature) => {
    const turns = turnsOf(feature, agent);
    return turns === undefined ? [] : [{ agent, name: feature.name, feature, turns }];
  }),
);

test('each feature has a framework that can say it', () => {
  for (const { written } of FEATURES) expect(Object.keys(written)).not.toEqual([]);
});

describe.each(CLIENTS)('asked by a %s page', (asker) => {
  test.each(CASES)('$agent agent: $name', async ({ agent, feature, turns }) => {
    const stage = createStage();
    const { tools = {} } = feature;
    await stage.agent({ framework: agent, turn: (n) => turns[n] ?? [], tools });
    const early = await Promise.all(CLIENTS.map((framework) => stage.open(framework)));
    const asking = early.find(({ framework }) => framework === asker);
    asking?.ask('Well?');
    await soon(() => {
      for (const { session, isIdle } of early) {
        expect(session.snapshot.runs.map(({ status }) => isEnded(status))).toEqual([true]);
        expect(isIdle()).toBe(true);
      }
    });
    const late = await Promise.all(CLIENTS.map((framework) => stage.open(framework, 'bob')));
    await soon(() => {
      for (const { framework, look } of [...early, ...late])
        expect([framework, look()]).toEqual([framework, wanted(feature, agent, framework)]);
    });
  });
});

function wanted(
  { lines, own, instead }: Feature,
  agent: AgentFramework,
  client: ClientFramework,
): readonly string[] {
  return instead?.[client]?.lines ?? own?.[agent] ?? lines;
}

test.each(['ai-sdk', 'tanstack-ai'] as const)(
  'data of the %s agent reaches a TanStack chat as a custom event',
  async (framework) => {
    const turn = FEATURES.find(({ name }) => name === 'data')?.written[framework] ?? [];
    const stage = createStage();
    await stage.agent({ framework, turn: () => turn });
    const [chat, other] = [await stage.open('tanstack-ai'), await stage.open('ai-sdk')];
    other.ask('Well?');
    await soon(() => expect(chat.told.at(-1)).toBe('chart {"bars":[1,2]}'));
  },
);

test('state that an agent or a page writes is the same for every page, whichever framework it is of', async () => {
  const name = 'state that everybody shares';
  const turn = FEATURES.find((feature) => feature.name === name)?.written['tanstack-ai'] ?? [];
  const stage = createStage();
  await stage.agent({ framework: 'tanstack-ai', turn: () => turn });
  const pages = await Promise.all(CLIENTS.map((framework) => stage.open(framework)));
  const [first] = pages;
  first?.ask('Well?');
  await soon(() => {
    for (const { session } of pages) expect(session.snapshot.state).toEqual({ page: 5 });
  });
  await first?.session.setState('page', 6);
  await soon(() => {
    for (const { session } of pages) expect(session.snapshot.state).toEqual({ page: 6 });
    const chat = pages.find(({ framework }) => framework === 'tanstack-ai');
    expect(chat?.told.at(-1)).toBe('STATE_DELTA [{"op":"replace","path":"/page","value":6}]');
  });
});

test('what a TanStack agent asks that is about no tool is a call to the other frameworks, and answered as one', async () => {
  const ask = { id: 'which', reason: 'which_city', message: 'Which city?' };
  const outcome = { type: 'interrupt', interrupts: [ask] };
  const stage = createStage();
  await stage.agent({
    framework: 'tanstack-ai',
    turn: (n) =>
      n === 0
        ? [...says('tanstack-ai', 'Hm. '), { type: 'RUN_FINISHED', runId: 'r', threadId: 't', outcome }]
        : says('tanstack-ai', 'Sunny.'),
  });
  const asking = await stage.open('session');
  const others = [await stage.open('ai-sdk', 'ben'), await stage.open('tanstack-ai', 'ben')];
  asking.ask('The weather, please');
  const call = 'call interrupt {"reason":"which_city","message":"Which city?"}';
  await soon(() => expect(others.map(({ look }) => look())).toEqual([['text: Hm. ', call], ['text: Hm. ']]));
  await soon(() => expect(asking.session.snapshot.runs).toMatchObject([{ status: 'suspended' }]));
  const [{ id: run } = { id: '' as RunId }] = asking.session.snapshot.runs;
  await asking.session.answer({ run, callId: 'which' }, { type: 'output', output: { city: 'Lima' } });
  await soon(() =>
    expect(others.map(({ look }) => look())).toEqual([
      ['text: Hm. ', call, 'result {"city":"Lima"}', 'text: Sunny.'],
      ['text: Hm. Sunny.'],
    ]),
  );
});
