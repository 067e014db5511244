import {
  createArchiver,
  createMemoryArchive,
  exportSession,
  forkSession,
  importSession,
  withArchive,
  type Archive,
  type Archiver,
} from '@holdfast/archive';
import { createSqliteArchive } from '@holdfast/archive/sqlite';
import type { MessageId, Session } from '@holdfast/core';
import { cite, citedSites, rate, readCitations } from '@holdfast/core/annotations';
import Libsql from 'libsql';
import { expect } from 'vitest';
import { tree } from '../../../packages/archive/test/scene.ts';
import { answered, ask, lines, repeatPrompt, said, until, type Turn } from './conversation.ts';
import { scenario } from './scenario.ts';
import type { Stage } from './stage.ts';

const SOURCE = { url: 'https://example.org/tides', range: { start: 0, end: 4 } };

interface Talk {
  readonly archive: Archive;
  readonly archiver: Archiver;
  readonly ada: Session;
  readonly turns: readonly Turn[];
}

/** Six turns with branches, a citation and a state, on a session that is archived and whose agent reads the archive. */
async function talk(stage: Stage): Promise<Talk> {
  const archive = createSqliteArchive(new Libsql(':memory:'));
  const archiver = createArchiver({ channels: await stage.connect('archiver'), archive, quietMs: 20 });
  stage.finally(() => archiver.close());
  await archiver.attend(stage.name);
  await stage.agent(repeatPrompt, { channels: await joined(stage, archive, 'bot') });
  const ada = await stage.session('ada', { channels: await joined(stage, archive, 'ada') });
  await ada.setState('city', 'Oslo');
  const turns: Turn[] = [];
  for (const text of ['one', 'two', 'three']) turns.push(await ask(ada, text));
  const [, second] = turns;
  if (second === undefined) throw new Error('three turns');
  await ada.annotate(second.answer, cite(SOURCE));
  await ada.annotate(second.answer, rate('down'));
  await answered(ada, ada.send({ id: second.question, parts: said('two, better') }).run);
  await answered(ada, ada.regenerate({ input: turns[0]?.question ?? second.question }).run);
  ada.select(turns[0]?.answer ?? second.answer);
  ada.select(second.question);
  turns.push(await ask(ada, 'four'));
  return { archive, archiver, ada, turns };
}

async function joined(stage: Stage, archive: Archive, clientId: string) {
  const role = clientId === 'bot' ? { role: 'agent' as const } : {};
  return withArchive(await stage.connect({ clientId, ...role }), archive);
}

scenario('a session goes on, whole, when its channel has forgotten most of it', async (stage) => {
  const { archive, archiver, ada, turns } = await talk(stage);
  const before = await tree(ada);
  await archiver.save();
  for (const [keep, text] of [
    [3, 'five'],
    [0, 'six'],
  ] as const) {
    await stage.backend.expire(stage.name, keep);
    const plain = await stage.session('eve');
    expect(plain.snapshot.messages.length).toBeLessThan(3);
    const ben = await stage.session('ben', { channels: await joined(stage, archive, 'ben'), pageSize: 4 });
    expect((await tree(ben)).slice(0, before.length)).toEqual(before);
    expect(ben.snapshot.state).toEqual({ city: 'Oslo' });
    const cited = turns[1]?.answer ?? ('' as MessageId);
    expect(citedSites(ben.message(cited) ?? {})).toEqual([{ site: 'example.org', count: 1 }]);
    expect(await readCitations(ben, cited)).toEqual([{ ...SOURCE, clientId: 'ada' }]);
    const { next } = await ben.annotations(cited, { limit: 1 });
    const rest = await ben.annotations(cited, { limit: 1, ...(next !== undefined && { cursor: next }) });
    expect(rest).toMatchObject({ annotations: [{ type: 'feedback:unique.v1' }] });
    expect(rest.next).toBeUndefined();
    // Whoever is there goes on, and the agent knows all that was said.
    for (const session of [ada, ben]) session.select(turns[0]?.answer ?? cited);
    for (const session of [ada, ben]) session.select(turns[1]?.question ?? cited);
    const { run } = await ask(ben, text);
    await answered(ada, run);
    expect(lines(ben)).toEqual(lines(ada));
    expect(lines(ben).at(-1)).toContain(`user: one | answer | user: two | answer | user: three | answer`);
    await archiver.save();
  }
  await stage.backend.expire(stage.name, 0);
  const late = await stage.session('joe', { channels: await joined(stage, archive, 'joe') });
  expect(await tree(late)).toEqual(await tree(ada));
});

scenario('an archive that fails in mid-page says so, and is read on when it is back', async (stage) => {
  const archive = createSqliteArchive(new Libsql(':memory:'));
  await stage.agent(repeatPrompt);
  const ada = await stage.session('ada');
  for (const text of ['one', 'two', 'three', 'four']) await ask(ada, text);
  const before = await tree(ada);
  const archiver = createArchiver({ channels: await stage.connect('archiver'), archive });
  await archiver.attend(stage.name);
  await archiver.close();
  await stage.backend.expire(stage.name, 2);
  let reads = 0;
  const shaky: Archive = {
    ...archive,
    async read(...query) {
      const page = await archive.read(...query);
      reads += 1;
      if (reads === 2 || reads === 3) throw new Error('the connection broke after half a page');
      return page;
    },
  };
  const ben = await stage.session('ben', { channels: await joined(stage, shaky, 'ben'), pageSize: 4 });
  const shown = ben.snapshot.messages;
  expect(shown).toHaveLength(4);
  for (const _ of [1, 2])
    await expect(ben.loadOlder()).rejects.toMatchObject({ code: 'unavailable', retryable: true });
  expect(ben.snapshot.messages).toEqual(shown);
  expect(ben.snapshot).toMatchObject({ status: 'live', hasOlder: true });
  // What is said meanwhile is not held up.
  await ada.setState('city', 'Rome');
  await until(ben, () => ben.snapshot.state['city'] === 'Rome');
  expect(await tree(ben)).toEqual(before);
  expect(ben.snapshot.hasOlder).toBe(false);
});

scenario('what an archive refuses to save is saved when it can be', async (stage) => {
  const memory = createMemoryArchive();
  let isDown = false;
  const shaky: Archive = {
    ...memory,
    save: async (session, entries) => {
      if (isDown) throw new Error('disk full');
      return memory.save(session, entries);
    },
  };
  const errors: unknown[] = [];
  const archiver = createArchiver({
    channels: await stage.connect('archiver'),
    archive: shaky,
    quietMs: 5,
    onError: (error) => errors.push(error),
  });
  stage.finally(() => archiver.close());
  await archiver.attend(stage.name);
  await stage.agent(repeatPrompt);
  const ada = await stage.session('ada');
  await ask(ada, 'one');
  isDown = true;
  await ask(ada, 'two');
  await expect(archiver.save()).rejects.toThrow('disk full');
  isDown = false;
  await archiver.save();
  const before = await tree(ada);
  await stage.backend.expire(stage.name, 0);
  const ben = await stage.session('ben', { channels: await joined(stage, memory, 'ben') });
  expect(await tree(ben)).toEqual(before);
});

scenario('a session comes back from its file under another name, and goes on', async (stage) => {
  const { archive, archiver, ada } = await talk(stage);
  await archiver.save();
  await stage.backend.expire(stage.name, 2);
  const before = await tree(ada);
  let file = '';
  for await (const line of exportSession(await joined(stage, archive, 'eve'), stage.name)) file += line;

  const elsewhere = createMemoryArchive();
  const copy = `${stage.name}-copy`;
  await importSession(elsewhere, copy, file.match(/[^]{1,500}/gu) ?? []);
  const again = await stage.session('ada', {
    channels: await joined(stage, elsewhere, 'ada'),
    name: copy,
  });
  expect(await tree(again)).toEqual(before);
  expect(again.snapshot.state).toEqual({ city: 'Oslo' });
  await stage.agent(repeatPrompt, { channels: await joined(stage, elsewhere, 'bot'), session: copy });
  const was = lines(again);
  await ask(again, 'five');
  expect(lines(again).slice(0, -2)).toEqual(was);
  expect(await tree(ada)).toEqual(before);

  // A file that was cut short is refused, and leaves nothing behind.
  const other = `${stage.name}-other`;
  await expect(importSession(elsewhere, other, [file.slice(0, -300)])).rejects.toMatchObject({
    name: 'ArchiveError',
    code: 'invalid',
  });
  expect(await elsewhere.read(other)).toEqual({ entries: [] });
});

scenario('a fork goes its own way from a point, and the original is untouched', async (stage) => {
  const { archive, archiver, ada, turns } = await talk(stage);
  await archiver.save();
  await ada.setState('city', 'Rome');
  const before = await tree(ada);
  const [, second, third] = turns;
  if (second === undefined || third === undefined) throw new Error('four turns');
  const channels = await joined(stage, archive, 'eve');
  const as = `${stage.name}-what-if`;
  await forkSession({ channels, session: stage.name, at: second.answer, as, archive });
  const fork = await stage.session('ada', { channels: await joined(stage, archive, 'ada'), name: as });
  expect(lines(fork)).toEqual(lines(ada).slice(0, 4));
  expect(fork.snapshot.state).toEqual({ city: 'Oslo' });
  expect(citedSites(fork.message(second.answer) ?? {})).toEqual([{ site: 'example.org', count: 1 }]);
  expect(fork.message(second.question)).toMatchObject({
    author: { clientId: 'ada' },
    siblings: [second.question],
  });

  await stage.agent(repeatPrompt, { channels: await joined(stage, archive, 'bot'), session: as });
  await ask(fork, 'what if');
  expect(lines(fork).at(-1)).toBe('assistant: user: one | answer | user: two | answer | user: what if');
  await fork.setState('city', 'Bern');
  await ask(ada, 'and the original');
  expect((await tree(ada)).slice(0, before.length)).toEqual(before);
  expect(ada.snapshot.state).toEqual({ city: 'Rome' });
  expect(lines(fork)).not.toContain('user: and the original');

  // A fork at a question asks it anew.
  const anew = `${stage.name}-anew`;
  await forkSession({ channels, session: stage.name, at: third.question, as: anew, archive });
  await stage.agent(repeatPrompt, { channels: await joined(stage, archive, 'bot'), session: anew });
  const asked = await stage.session('ben', { channels: await joined(stage, archive, 'ben'), name: anew });
  const run = asked.snapshot.runs.find(({ input }) => input === third.question);
  await answered(asked, run?.id ?? third.run);
  expect(lines(asked).slice(-2)).toEqual([
    'user: three',
    'assistant: user: one | answer | user: two | answer | user: three',
  ]);
  await expect(
    forkSession({ channels, session: stage.name, at: 'nowhere' as MessageId, as: 'x', archive }),
  ).rejects.toMatchObject({ name: 'ArchiveError', code: 'not_found' });
});
