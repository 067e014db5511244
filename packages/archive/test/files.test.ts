import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { expect, onTestFinished, test } from 'vitest';
import { createMemoryArchive, exportSession, importSession, withArchive } from '../src/index.ts';
import { ask, createTalk, lines, NAME, tree } from './scene.ts';

async function exported(): Promise<{
  file: string;
  talk: ReturnType<typeof createTalk>;
  ada: Awaited<ReturnType<ReturnType<typeof createTalk>['open']>>;
}> {
  const talk = createTalk();
  const ada = await talk.open();
  await talk.answering();
  for (const text of ['one', 'two \u2028 three', '\ud800']) await ask(ada, text);
  let file = '';
  for await (const line of exportSession(talk.connect('eve'), NAME)) file += line;
  return { file, talk, ada };
}

test('a session comes back from its file, under another name, and goes on', async () => {
  const { file, talk, ada } = await exported();
  const archive = createMemoryArchive();
  // In pieces as a stream brings them.
  const pieces = file.match(/[^]{1,97}/gu) ?? [];
  expect(await importSession(archive, 'copy', pieces)).toBe(6);
  const copy = await talk.open(withArchive(talk.connect('ada'), archive), 'copy');
  expect(await tree(copy)).toEqual(await tree(ada));
  await talk.answering(withArchive(talk.connect('bot', 'agent'), archive), 'copy');
  await ask(copy, 'four');
  expect(lines(copy)).toEqual([...lines(ada), 'user: four', 'assistant: answer 1 to 7 messages']);
  let again = '';
  for await (const line of exportSession(withArchive(talk.connect('eve'), archive), 'copy')) again += line;
  expect(again.split('\n')).toHaveLength(file.split('\n').length + 2);
});

test('a session goes to disk and comes back by streams, as the README has it', async () => {
  const { talk, ada } = await exported();
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-export-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'talk.ndjson');
  await pipeline(Readable.from(exportSession(talk.connect('eve'), NAME)), createWriteStream(path));
  const archive = createMemoryArchive();
  await importSession(archive, 'copy', createReadStream(path, 'utf8'));
  const copy = await talk.open(withArchive(talk.connect('ada'), archive), 'copy');
  expect(await tree(copy)).toEqual(await tree(ada));
});

test.each<[string, (file: string) => string, string]>([
  ['nothing', () => '', 'ends before'],
  ['another file', () => 'name,price\n', 'no JSON'],
  ['another JSON', () => '{"a":1}\n', 'no session'],
  ['a newer format', (file) => file.replace('"version":1', '"version":2'), 'version 2'],
  ['a file that was cut at a line', (file) => file.split('\n').slice(0, 4).join('\n'), 'ends before'],
  ['a file that was cut in a line', (file) => file.slice(0, -40), 'no JSON'],
  ['a file that lacks a line', (file) => file.split('\n').toSpliced(2, 1).join('\n'), 'ends before'],
  [
    'a line that is no message',
    (file) => file.split('\n').toSpliced(2, 1, '{"message":{}}').join('\n'),
    'Line 3',
  ],
])('%s is refused, and leaves nothing behind', async (_, spoil, message) => {
  const { file } = await exported();
  const archive = createMemoryArchive();
  await expect(importSession(archive, 'copy', [spoil(file)])).rejects.toMatchObject({
    code: 'invalid',
    message: expect.stringContaining(message),
  });
  expect(await archive.read('copy')).toEqual({ entries: [] });
});

test('a session that is there is never overwritten', async () => {
  const { file } = await exported();
  const archive = createMemoryArchive();
  await importSession(archive, 'copy', [file]);
  const before = await archive.read('copy');
  await expect(importSession(archive, 'copy', [file])).rejects.toMatchObject({ code: 'conflict' });
  expect(await archive.read('copy')).toEqual(before);
});
