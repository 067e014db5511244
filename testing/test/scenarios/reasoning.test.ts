import type { Channels } from '@holdfast/channel';
import { createAgent, type AgentRun, type RunId, type Session } from '@holdfast/core';
import { openReasoning, reasoningLane, type Reasoning } from '@holdfast/core/reasoning';
import { expect, vi } from 'vitest';
import {
  createMind,
  partsOf,
  thoughtCodec,
  type Mind,
  type ThoughtChunk,
  type ThoughtPrompt,
} from '../../../packages/core/test/reasoning/thought-codec.ts';
import type { Who } from './backends/backend.ts';
import { ended, said, until } from './conversation.ts';
import { scenario } from './scenario.ts';
import type { Stage } from './stage.ts';

const WORDS = Array.from({ length: 40 }, (_, n) => `pondering${n} `);
const THOUGHT = WORDS.join('');

type ThinkingRun = AgentRun<ThoughtChunk, ThoughtPrompt>;

/** What a participant's token says (P32). */
function person({ name }: Stage, clientId: string, onBytes?: Who['onBytes']): Who {
  const capabilities = { [name]: ['*'], [`${name}:open:*`]: ['*'] } as const;
  return { clientId, capabilities, ...(onBytes && { onBytes }) };
}

async function thinker(stage: Stage, run: (run: ThinkingRun) => Promise<void>): Promise<unknown[]> {
  const errors: unknown[] = [];
  const agent = createAgent<ThoughtChunk, ThoughtPrompt>({
    channels: await stage.connect({ ...person(stage, 'bot'), role: 'agent' }),
    name: 'bot',
    codec: thoughtCodec,
    reasoning: 'threaded',
    run,
    onError: (error) => errors.push(error),
  });
  stage.finally(() => agent.close({ drainMs: 0 }));
  await agent.attend(stage.name);
  return errors;
}

function look(stage: Stage, channels: Channels, session: Session, run: RunId): Reasoning {
  const reasoning = openReasoning({ channels, session, of: { run } });
  stage.finally(() => reasoning.close());
  return reasoning;
}

function texts({ snapshot }: Reasoning): readonly string[] {
  return snapshot.parts.map(({ text }) => text);
}

scenario('threaded reasoning: on the wire of who opens it, and of nobody else', async (stage) => {
  const prompts: ThoughtPrompt[] = [];
  const minds: Mind[] = [];
  const errors = await thinker(stage, async (run) => {
    prompts.push(await run.prompt());
    const mind = createMind();
    minds.push(mind);
    await run.pipe(mind.chunks);
  });
  const wires = { ada: [] as Buffer[], ben: [] as Buffer[] };
  const adas = await stage.connect(person(stage, 'ada', (bytes) => void wires.ada.push(bytes)));
  const bens = await stage.connect(person(stage, 'ben', (bytes) => void wires.ben.push(bytes)));
  const ada = await stage.session('ada', { channels: adas });
  const ben = await stage.session('ben', { channels: bens });

  const { run } = ada.send({ parts: said('Why?') });
  await vi.waitFor(() => expect(minds).toHaveLength(1));
  const [mind] = minds;
  if (mind === undefined) throw new Error('nobody thinks');
  for (const word of WORDS.slice(0, 10)) mind.think(word);
  await until(ben, () => ben.log(run).includes('"thread"'));
  const reasoning = look(stage, bens, ben, run);
  await vi.waitFor(() => expect(texts(reasoning)).toEqual([WORDS.slice(0, 10).join('')]));

  // Somebody would like to be heard there, too; and a line breaks.
  const lane = (await stage.connect(person(stage, 'eve'))).channel(reasoningLane(stage.name, run));
  await lane.publish({ action: 'create', draft: { id: 'mine', name: 'reasoning', data: 'forged' } });
  const restore = stage.backend.cut(bens);
  for (const word of WORDS.slice(10)) mind.think(word);
  mind.thought();
  mind.say('Because.');
  mind.end();
  await ended(ada, run);
  restore();
  await ended(ben, run);
  const whole = { text: THOUGHT, length: THOUGHT.length, state: 'done', isWhole: true };
  await vi.waitFor(() => expect(reasoning.snapshot).toEqual({ status: 'live', parts: [whole] }), 5_000);

  // In the session there is how long it was.
  for (const { snapshot } of [ada, ben])
    expect(partsOf(snapshot.messages)[0]).toMatchObject({
      type: 'reasoning',
      text: '',
      length: THOUGHT.length,
    });
  const received = (who: keyof typeof wires): string => Buffer.concat(wires[who]).toString('latin1');
  if (stage.backend.isGuarded) {
    expect(received('ada')).toContain('Because.');
    expect(received('ben')).toContain('pondering');
  }
  expect(received('ada')).not.toContain('pondering');

  // Who opens it later reads it whole, and so does the model.
  const late = look(stage, adas, ada, run);
  await late.ready;
  await vi.waitFor(() => expect(late.snapshot.parts).toEqual([whole]));
  const next = ada.send({ parts: said('And then?') });
  await vi.waitFor(() => expect(minds).toHaveLength(2));
  minds[1]?.say('Nothing.');
  minds[1]?.end();
  await ended(ada, next.run);
  expect(prompts[1]?.[1]?.parts[0]).toMatchObject({
    type: 'reasoning',
    text: THOUGHT,
    pm: { signature: 'signed' },
  });

  // What has expired is known to be missing.
  await stage.backend.expire(lane.name, 0);
  const last = ada.send({ parts: said('Sure?') });
  await vi.waitFor(() => expect(minds).toHaveLength(3));
  minds[2]?.end();
  await ended(ada, last.run);
  expect(prompts[2]?.[1]?.parts[0]).toMatchObject({ type: 'reasoning', text: '', length: THOUGHT.length });
  const tooLate = look(stage, await stage.connect(person(stage, 'joe')), ada, run);
  await tooLate.ready;
  expect(tooLate.snapshot.parts).toEqual([{ ...whole, text: '', isWhole: false }]);
  expect(errors).toEqual([]);
});
