import { cite, rate, readCitations } from '@holdfast/core/annotations';
import { createMemoryEngine } from '@holdfast/channel/memory';
import { createMemoryChannels } from '@holdfast/channel/memory';
import type { Channels, Message } from '@holdfast/channel';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createArchiver, createMemoryArchive, withArchive, type Archive } from '../src/index.ts';
import { answered, ask, createTalk, lines, NAME, tree } from './scene.ts';

/** The channel's history has expired: a new engine, on which nobody ever spoke. */
function forgetful(clientId: string): Channels {
  const engine = createMemoryEngine();
  const channels = createMemoryChannels({ engine, clientId });
  onTestFinished(async () => {
    await channels.close();
    await engine.close();
  });
  return channels;
}

async function whole(channels: Channels): Promise<readonly Message[]> {
  return (await channels.channel(NAME).history({ limit: 1000 })).messages;
}

async function saved(archive: Archive): Promise<readonly Message[]> {
  return (await archive.read(NAME, { limit: 1000 })).entries.map(({ message }) => message);
}

test('a session is saved as it goes on, later changes too, and opens as it was when its channel has forgotten it', async () => {
  const talk = createTalk();
  const archive = createMemoryArchive();
  const ada = await talk.open();
  await talk.answering();
  const first = await ask(ada, 'before anyone archives');
  const archiver = createArchiver({ channels: talk.connect('archiver'), archive, quietMs: 5 });
  await archiver.attend(NAME);
  expect(await saved(archive)).toEqual(await whole(talk.connect('eve')));
  await ask(ada, 'while it does');
  await answered(ada, ada.regenerate({ input: first.question }).run);
  await ada.annotate(first.answer, rate('up', 'so it is'));
  await ada.annotate(first.answer, cite({ url: 'https://example.org/a', range: { start: 0, end: 3 } }));
  await vi.waitFor(async () => expect(await saved(archive)).toEqual(await whole(talk.connect('eve'))));
  await archiver.close();

  const later = await talk.open(withArchive(forgetful('ada'), archive));
  expect(await tree(later)).toEqual(await tree(ada));
  expect(await readCitations(later, first.answer)).toMatchObject([{ url: 'https://example.org/a' }]);
  await expect(later.annotations('no such message' as never)).rejects.toMatchObject({ code: 'not_found' });
});

test('what could not be saved is saved when it can be, once and whole', async () => {
  const talk = createTalk();
  const archive = createMemoryArchive();
  let isDown = false;
  const shaky: Archive = {
    ...archive,
    save: (...entries) => (isDown ? Promise.reject(new Error('disk full')) : archive.save(...entries)),
  };
  const errors: unknown[] = [];
  const ada = await talk.open();
  await talk.answering();
  const archiver = createArchiver({
    channels: talk.connect('archiver'),
    archive: shaky,
    quietMs: 5,
    onError: (error) => errors.push(error),
  });
  await archiver.attend(NAME);
  isDown = true;
  await ask(ada, 'while the disk is full');
  await vi.waitFor(() => expect(errors).not.toEqual([]));
  await expect(archiver.save()).rejects.toThrow('disk full');
  isDown = false;
  await vi.waitFor(async () => expect(await saved(archive)).toEqual(await whole(talk.connect('eve'))));
  await archiver.close();
});

test('an archiver that starts on a failing archive says so, and can be started again', async () => {
  const talk = createTalk();
  const ada = await talk.open();
  await ada.send({ parts: [{ type: 'text', text: 'x' }] }).stored;
  const archive = createMemoryArchive();
  let isDown = true;
  const shaky: Archive = {
    ...archive,
    save: (...entries) => (isDown ? Promise.reject(new Error('no connection')) : archive.save(...entries)),
  };
  const archiver = createArchiver({ channels: talk.connect('archiver'), archive: shaky });
  await expect(archiver.attend(NAME)).rejects.toThrow('no connection');
  isDown = false;
  await archiver.attend(NAME);
  expect(await saved(archive)).toHaveLength(1);
  await archiver.close();
});

test('the agent of a session that its channel has forgotten knows all of it', async () => {
  const talk = createTalk();
  const archive = createMemoryArchive();
  const ada = await talk.open();
  await talk.answering();
  for (const text of ['one', 'two', 'three']) await ask(ada, text);
  const archiver = createArchiver({ channels: talk.connect('archiver'), archive });
  await archiver.attend(NAME);
  await archiver.close();

  const again = createTalk();
  await again.answering(withArchive(again.connect('bot', 'agent'), archive));
  const later = await again.open(withArchive(again.connect('ada'), archive));
  await ask(later, 'four');
  expect(lines(later)).toEqual([...lines(ada), 'user: four', 'assistant: answer 1 to 7 messages']);
});
