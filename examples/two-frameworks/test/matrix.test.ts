import { isEnded } from '@holdfast/core';
import { describe, expect, test, vi } from 'vitest';
import { AGENTS, CLIENTS, FEATURES, type AgentFramework, type Feature } from './matrix/features.ts';
import { createStage, soon, type Turn } from './matrix/stage.ts';

// Unknown events are told of in the console.
vi.spyOn(console, 'warn').mockImplementation(() => {});

const CASES = AGENTS.flatMap((agent) =>
  FEATURES.flatMap((feature) => {
    const turn: Turn | undefined = feature.written[agent];
    return turn === undefined ? [] : [{ agent, name: feature.name, feature, turn }];
  }),
);

test('each feature has a framework that can say it', () => {
  for (const { written } of FEATURES) expect(Object.keys(written)).not.toEqual([]);
});

describe.each(CLIENTS)('asked by a %s page', (asker) => {
  test.each(CASES)('$agent agent: $name', async ({ agent, feature, turn }) => {
    const stage = createStage();
    await stage.agent({ framework: agent, turn: () => turn });
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
        expect([framework, look()]).toEqual([framework, wanted(feature, framework)]);
    });
  });
});

function wanted({ lines, instead }: Feature, client: (typeof CLIENTS)[number]): readonly string[] {
  return instead?.[client]?.lines ?? lines;
}

test.each(AGENTS)(
  'data of the %s agent reaches a TanStack chat as a custom event',
  async (framework: AgentFramework) => {
    const turn: Turn = FEATURES.find(({ name }) => name === 'data')?.written[framework] ?? [];
    const stage = createStage();
    await stage.agent({ framework, turn: () => turn });
    const [chat, other] = [await stage.open('tanstack-ai'), await stage.open('ai-sdk')];
    other.ask('Well?');
    await soon(() => expect(chat.told.at(-1)).toBe('chart {"bars":[1,2]}'));
  },
);
