import { createAgent, isEnded, type MessageId } from '@holdfast/core';
import { runTree } from '@holdfast/core/agents';
import { expect, onTestFinished, test } from 'vitest';
import { writeRecord } from '../../core/src/records/write.ts';
import { say } from '../../core/test/agents/crew.ts';
import { until } from '../../core/test/scene.ts';
import { textCodec } from '../../core/test/text-codec.ts';
import { createMemoryArchive, forkSession, withArchive } from '../src/index.ts';
import { answered, ask, createTalk, lines, NAME, tree } from './scene.ts';

test('a fork has the branch up to its point, and goes its own way; the original is untouched', async () => {
  const talk = createTalk();
  const archive = createMemoryArchive();
  const ada = await talk.open();
  await talk.answering();
  await ada.setState('city', 'Oslo');
  const one = await ask(ada, 'one');
  const two = await ask(ada, 'two');
  await ada.setState('city', 'Rome');
  await ask(ada, 'three');
  const before = await tree(ada);

  await forkSession({ channels: talk.connect('eve'), session: NAME, at: two.answer, as: 'fork', archive });
  const fork = await talk.open(withArchive(talk.connect('ada'), archive), 'fork');
  expect(lines(fork)).toEqual(lines(ada).slice(0, 4));
  expect(fork.snapshot.state).toEqual({ city: 'Oslo' });
  expect(fork.message(one.answer)?.author).toEqual(ada.message(one.answer)?.author);
  await talk.answering(withArchive(talk.connect('bot', 'agent'), archive), 'fork');
  await ask(fork, 'another way');
  expect(lines(fork).slice(4)).toEqual(['user: another way', 'assistant: answer 1 to 5 messages']);
  expect(await tree(ada)).toEqual(before);
});

test('a fork at a question asks it anew; answers that were asked for again come without the first', async () => {
  const talk = createTalk();
  const archive = createMemoryArchive();
  const ada = await talk.open();
  await talk.answering();
  const { question } = await ask(ada, 'one');
  const again = await answered(ada, ada.regenerate({ input: question }).run);
  const two = await ask(ada, 'two');
  expect(ada.message(two.question)?.parent).toBe(again);

  await forkSession({ channels: talk.connect('eve'), session: NAME, at: two.question, as: 'fork', archive });
  const fork = await talk.open(withArchive(talk.connect('ada'), archive), 'fork');
  expect(lines(fork)).toEqual(['user: one', 'assistant: answer 2 to 1 messages', 'user: two']);
  expect(fork.snapshot.runs.map(({ status }) => status).toSorted()).toEqual([
    'cancelled',
    'complete',
    'queued',
  ]);
  await talk.answering(withArchive(talk.connect('bot', 'agent'), archive), 'fork');
  await until(fork, () => fork.snapshot.runs.every(({ status }) => isEnded(status)));
  expect(lines(fork).at(-1)).toBe('assistant: answer 1 to 3 messages');
});

test('what agents asked each other for an answer comes along with it', async () => {
  const talk = createTalk();
  const archive = createMemoryArchive();
  const ada = await talk.open();
  const lead = createAgent({
    channels: talk.connect('lead', 'agent'),
    name: 'lead',
    codec: textCodec,
    async run(run) {
      const task = run.run.to === 'lead' ? undefined : run.delegate('lead', 'help me', { label: 'Help' });
      const helped = await task?.done;
      await run.pipe(say(helped === undefined ? 'I help' : `I had help: ${helped.text}`));
    },
  });
  onTestFinished(() => lead.close());
  await lead.attend(NAME);
  const one = await ask(ada, 'one');
  await forkSession({ channels: talk.connect('eve'), session: NAME, at: one.answer, as: 'fork', archive });
  const fork = await talk.open(withArchive(talk.connect('ada'), archive), 'fork');
  expect(lines(fork)).toEqual(lines(ada));
  const [top] = runTree(fork);
  expect(top?.subRuns).toMatchObject([{ name: 'Help', run: { status: 'complete', parentRun: top?.run.id } }]);
});

test('a fork of an edited branch has the edit alone', async () => {
  const talk = createTalk();
  const archive = createMemoryArchive();
  const ada = await talk.open();
  await talk.answering();
  const { question } = await ask(ada, 'one');
  const { run } = ada.send({ id: question, parts: [{ type: 'text', text: 'one, better' }] });
  const edited = await answered(ada, run);
  await forkSession({ channels: talk.connect('eve'), session: NAME, at: edited, as: 'fork', archive });
  const fork = await talk.open(withArchive(talk.connect('ada'), archive), 'fork');
  expect(lines(fork)).toEqual(['user: one, better', 'assistant: answer 2 to 1 messages']);
  expect(fork.snapshot.messages.map(({ siblings }) => siblings.length)).toEqual([1, 1]);
});

test('a checkpoint that speaks of the state at the point goes along, however much later it was written', async () => {
  const talk = createTalk();
  const archive = createMemoryArchive();
  const ada = await talk.open();
  await talk.answering();
  const one = await ask(ada, 'one');
  await ada.setState('city', 'Rome');
  const upTo = ada.message(one.answer)?.serial;
  if (upTo === undefined) throw new Error('it is stored');
  const checkpoint = writeRecord('checkpoint', { kind: 'state', key: '', all: { city: 'Oslo' }, upTo });
  const channel = talk.connect('bot', 'agent').channel(NAME);
  await channel.publish({ action: 'create', draft: checkpoint });
  await forkSession({ channels: talk.connect('eve'), session: NAME, at: one.answer, as: 'fork', archive });
  const fork = await talk.open(withArchive(talk.connect('ada'), archive), 'fork');
  expect(fork.snapshot.state).toEqual({ city: 'Oslo' });
  expect(ada.snapshot.state).toEqual({ city: 'Rome' });
});

test('what is not there, or not over, or there already, can not be forked', async () => {
  const talk = createTalk();
  const archive = createMemoryArchive();
  const ada = await talk.open();
  const fork = (at: MessageId, as = 'fork'): Promise<void> =>
    forkSession({ channels: talk.connect('eve'), session: NAME, at, as, archive });
  await expect(fork('nowhere' as MessageId)).rejects.toMatchObject({ code: 'not_found' });
  await talk.answering();
  const { answer } = await ask(ada, 'one');
  await fork(answer);
  await expect(fork(answer)).rejects.toMatchObject({ code: 'conflict' });
  await fork(answer, 'another');
});
