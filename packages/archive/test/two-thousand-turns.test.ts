import { createMemoryChannels, createMemoryEngine } from '@holdfast/channel/memory';
import { openSession } from '@holdfast/core';
import Libsql from 'libsql';
import { expect, test } from 'vitest';
import { createArchiver, withArchive } from '../src/index.ts';
import { createSqliteArchive } from '../src/sqlite.ts';
import { writeLongTalk } from './long-talk.ts';
import { createTalk, NAME, tree } from './scene.ts';

const TURNS = 2000;

test('2,000 turns with branches, saved, expired and opened again: the same tree', async () => {
  const talk = createTalk();
  await writeLongTalk(NAME, {
    people: talk.connect('ada'),
    agents: talk.connect('bot', 'agent'),
    turns: TURNS,
  });
  const ada = await talk.open();
  const before = await tree(ada);

  const archive = createSqliteArchive(new Libsql(':memory:'));
  const archiver = createArchiver({ channels: talk.connect('archiver'), archive });
  await archiver.attend(NAME);
  await archiver.close();

  const engine = createMemoryEngine();
  const channels = createMemoryChannels({ engine, clientId: 'ada' });
  const start = performance.now();
  const later = openSession({ channels: withArchive(channels, archive), name: NAME });
  await later.ready;
  const screen = later.snapshot.messages.length;
  console.log(
    `${TURNS} archived turns: ${screen} messages shown after ${(performance.now() - start).toFixed(0)} ms`,
  );
  expect(screen).toBeGreaterThan(20);
  expect(later.snapshot.hasOlder).toBe(true);
  expect(await tree(later)).toEqual(before);
  expect(before.length).toBeGreaterThan(2 * TURNS);
  expect(later.snapshot.messages.map(({ id }) => id)).toEqual(ada.snapshot.messages.map(({ id }) => id));
  expect(later.snapshot.messages).toHaveLength(2 * TURNS);
  expect(later.snapshot.runs).toEqual(ada.snapshot.runs);
  await later.close();
  await channels.close();
  await engine.close();
}, 120_000);
