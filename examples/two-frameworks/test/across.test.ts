import { isEnded } from '@holdfast/core';
import { describe, expect, test, vi } from 'vitest';
import { LOCATE, type Client } from './matrix/clients.ts';
import { AGENTS, CLIENTS, type ClientFramework } from './matrix/frameworks.ts';
import { createStage, soon, type Stage } from './matrix/stage.ts';
import { asks, calls, says } from './matrix/turns.ts';

vi.spyOn(console, 'warn').mockImplementation(() => {});

/** Every agent with every page that asks, and another page that acts. */
const LINES = AGENTS.flatMap((agent) =>
  CLIENTS.flatMap((asker) =>
    CLIENTS.filter((other) => other !== asker).map((other) => ({ agent, asker, other })),
  ),
);

interface Pages {
  readonly asking: Client;
  readonly other: Client;
  readonly all: readonly Client[];
}

async function open(stage: Stage, asker: ClientFramework, other: ClientFramework): Promise<Pages> {
  const asking = await stage.open(asker);
  const pages = [
    asking,
    await stage.open(other),
    await stage.open(asker),
    await stage.open('session', 'eve'),
  ];
  return { asking, other: pages[1] ?? asking, all: pages };
}

async function ended({ all }: Pages, status: string): Promise<void> {
  await soon(() => {
    for (const { session, isIdle } of all) {
      expect(session.snapshot.runs.map((run) => run.status)).toEqual([status]);
      expect(isIdle()).toBe(true);
    }
  });
}

async function show({ all }: Pages, ...lines: readonly string[]): Promise<void> {
  await soon(() => {
    for (const { framework, look } of all) expect([framework, look()]).toEqual([framework, lines]);
  });
}

describe.each(LINES)('$agent agent, asked on $asker, and $other beside it', ({ agent, asker, other }) => {
  test('an answer is stopped by who did not ask', async () => {
    const stage = createStage();
    await stage.agent({ framework: agent, turn: () => [...says(agent, 'One, two'), new Promise(() => {})] });
    const pages = await open(stage, asker, other);
    pages.asking.ask('Count.');
    await show(pages, 'text: One, two');
    await pages.other.stop();
    await ended(pages, 'cancelled');
    await show(pages, 'text: One, two');
    for (const { error } of pages.all) expect(error()).toBeUndefined();
  });

  test('a failure is told to who asked, and everybody comes to rest', async () => {
    const stage = createStage();
    await stage.agent({
      framework: agent,
      turn: () => [...says(agent, 'Half'), new Error('The model is tired')],
    });
    const pages = await open(stage, asker, other);
    pages.asking.ask('Well?');
    await ended(pages, 'error');
    await show(pages, 'text: Half');
    await soon(() => expect(pages.asking.error()).toContain('The model is tired'));
  });

  test("a page's tool runs once, on the page that asked, and everybody sees its result", async () => {
    const stage = createStage();
    const prompts: string[] = [];
    await stage.agent({
      framework: agent,
      turn(turn, prompt) {
        prompts.push(prompt);
        return turn === 0 ? calls(agent, LOCATE, {}) : says(agent, 'Take the tram.');
      },
    });
    const pages = await open(stage, asker, other);
    pages.asking.ask('The way, please');
    await ended(pages, 'complete');
    await show(pages, `call ${LOCATE} {}`, 'result {"city":"Lisbon"}', 'text: Take the tram.');
    expect(pages.all.map(({ ran }) => ran)).toEqual([1, 0, 0, 0]);
    expect(prompts).toHaveLength(2);
    expect(prompts[1]).toContain('Lisbon');
  });

  test.each([true, false])('an approval (%s) is given by who did not ask', async (isApproved) => {
    const stage = createStage();
    const prompts: string[] = [];
    await stage.agent({
      framework: agent,
      turn(turn, prompt) {
        prompts.push(prompt);
        return turn === 0 ? asks(agent, 'pay', { sum: 7 }) : says(agent, 'As you say.');
      },
      tools: { pay: { needsApproval: true, run: () => 'paid' } },
    });
    const pages = await open(stage, asker, other);
    pages.asking.ask('Pay 7');
    await ended(pages, 'suspended');
    await show(pages, 'call pay {"sum":7}', 'asks for approval');
    await soon(() => expect(pages.other.decide(isApproved)).toBe(true));
    await soon(() => {
      for (const { session } of pages.all)
        expect(session.snapshot.runs.map(({ status }) => isEnded(status))).toEqual([true]);
    });
    const verdict = isApproved ? 'approved' : 'denied';
    await soon(() => {
      for (const { framework, look } of pages.all) {
        expect([framework, look().slice(0, 2)]).toEqual([framework, ['call pay {"sum":7}', verdict]]);
        expect([framework, look().at(-1)]).toEqual([framework, 'text: As you say.']);
      }
    });
    expect(prompts).toHaveLength(2);
  });
});
