import { isEnded } from '@holdfast/core';
import { describe, expect, test, vi } from 'vitest';
import { FEATURES, turnsOf, type Feature } from './matrix/features.ts';
import { AGENTS, CLIENTS, type AgentFramework, type ClientFramework } from './matrix/frameworks.ts';
import { createStage, soon } from './matrix/stage.ts';

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
