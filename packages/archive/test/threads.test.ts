import type { Channels } from '@holdfast/channel';
import { createMemoryChannels, createMemoryEngine } from '@holdfast/channel/memory';
import { createAgent, openSession, type RunId } from '@holdfast/core';
import { openReasoning, reasoningLane } from '@holdfast/core/reasoning';
import { expect, onTestFinished, test } from 'vitest';
import { createMind, thoughtCodec, type ThoughtPrompt } from '../../core/test/reasoning/thought-codec.ts';
import {
  createArchiver,
  createMemoryArchive,
  exportSession,
  forgetSession,
  forkSession,
  importSession,
  withArchive,
  type Archive,
} from '../src/index.ts';
import { ask, createTalk, NAME, type Talk } from './scene.ts';

/** An agent that thinks beside the session, and says what its prompt has of that. */
async function thinking(channels: Channels, session: string): Promise<void> {
  const agent = createAgent({
    channels,
    name: 'bot',
    codec: thoughtCodec,
    reasoning: 'threaded',
    async run(run) {
      const prompt: ThoughtPrompt = await run.prompt();
      const mind = createMind();
      mind.think(`a thought about ${prompt.length} messages`);
      mind.thought();
      const known = prompt.flatMap(({ parts }) => parts.filter(({ type }) => type === 'reasoning'));
      mind.say(JSON.stringify(known.map((part) => 'text' in part && part.text)));
      mind.end();
      await run.pipe(mind.chunks);
    },
  });
  onTestFinished(() => agent.close({ drainMs: 0 }));
  await agent.attend(session);
}

/** What somebody reads who has an archive, and channels that have forgotten everything. */
async function remembered(archive: Archive, run: RunId, name = NAME): Promise<readonly string[]> {
  const engine = createMemoryEngine();
  const channels = withArchive(createMemoryChannels({ engine, clientId: 'joe' }), archive);
  const session = openSession({ channels, name });
  await session.ready;
  const reasoning = openReasoning({ channels, session, of: { run } });
  await reasoning.ready;
  const texts = reasoning.snapshot.parts.map(({ text }) => text);
  reasoning.close();
  await session.close();
  await channels.close();
  await engine.close();
  return texts;
}

async function talked(): Promise<{ talk: Talk; runs: readonly RunId[]; answers: readonly string[] }> {
  const talk = createTalk();
  await thinking(talk.connect('bot', 'agent'), NAME);
  const ada = await talk.open();
  const turns = [await ask(ada, 'one'), await ask(ada, 'two')];
  const [first] = turns;
  if (first === undefined) throw new Error('two turns');
  const lane = talk.connect('eve').channel(reasoningLane(NAME, first.run));
  await lane.publish({ action: 'create', draft: { id: 'x', name: 'reasoning', data: 'forged' } });
  return { talk, runs: turns.map(({ run }) => run), answers: turns.map(({ answer }) => answer) };
}

const THOUGHTS = ['a thought about 1 messages', 'a thought about 3 messages'];

test('what was thought beside a session is archived with it, and forgotten with it', async () => {
  const { talk, runs } = await talked();
  const archive = createMemoryArchive();
  const archiver = createArchiver({ channels: talk.connect('archiver'), archive, quietMs: 1 });
  await archiver.attend(NAME);
  await archiver.close();
  for (const [at, run] of runs.entries()) expect(await remembered(archive, run)).toEqual([THOUGHTS[at]]);
  const lane = reasoningLane(NAME, runs[0] ?? ('' as RunId));
  expect((await archive.read(lane)).entries.map(({ message }) => message.data)).toEqual([THOUGHTS[0]]);
  await forgetSession(archive, NAME);
  for (const name of [NAME, lane]) expect(await archive.read(name)).toEqual({ entries: [] });
});

test('it is in the session’s file, and comes back with it; a file that was cut leaves nothing', async () => {
  const { talk, runs } = await talked();
  let file = '';
  for await (const line of exportSession(talk.connect('eve'), NAME)) file += line;
  expect(file).not.toContain('forged');
  const archive = createMemoryArchive();
  const cut = file.split('\n').slice(0, -2).join('\n');
  await expect(importSession(archive, 'copy', [cut])).rejects.toMatchObject({ code: 'invalid' });
  for (const name of ['copy', ...runs.map((run) => reasoningLane('copy', run))])
    expect(await archive.read(name)).toEqual({ entries: [] });
  await importSession(archive, 'copy', [file]);
  for (const [at, run] of runs.entries())
    expect(await remembered(archive, run, 'copy')).toEqual([THOUGHTS[at]]);
});

test('a fork has it, and so has the agent that goes on there', async () => {
  const { talk, runs, answers } = await talked();
  const archive = createMemoryArchive();
  const at = (await talk.open()).snapshot.messages.find(({ id }) => id === answers[0])?.id;
  if (at === undefined) throw new Error('no answer');
  await forkSession({ channels: talk.connect('eve'), session: NAME, at, as: 'what-if', archive });
  expect(await remembered(archive, runs[0] ?? ('' as RunId), 'what-if')).toEqual([THOUGHTS[0]]);
  await thinking(withArchive(talk.connect('bot', 'agent'), archive), 'what-if');
  const fork = await talk.open(withArchive(talk.connect('ada'), archive), 'what-if');
  const { answer } = await ask(fork, 'and now?');
  expect(fork.message(answer)?.parts.at(-1)).toMatchObject({ text: JSON.stringify([THOUGHTS[0]]) });
});
