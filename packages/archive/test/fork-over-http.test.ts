import type { MessageId } from '@holdfast/core';
import { expect, onTestFinished, test } from 'vitest';
import { forkRoute, requestFork } from '../src/http.ts';
import { createMemoryArchive, withArchive } from '../src/index.ts';
import { ask, createTalk, lines, NAME, tree } from './scene.ts';
import { serveRoute } from './serve-route.ts';

async function served() {
  const talk = createTalk();
  const archive = createMemoryArchive();
  const given: string[] = [];
  const route = forkRoute({
    channels: withArchive(talk.connect('server'), archive),
    archive,
    session: ({ url, headers }) =>
      headers.get('authorization') === 'ada' ? new URL(url).pathname.slice(1) : undefined,
    name(session) {
      given.push(session);
      return `${session}-copy`;
    },
  });
  const { url, close } = await serveRoute(route);
  onTestFinished(close);
  const fork = (at: MessageId, who = 'ada', session = NAME): Promise<string> =>
    requestFork(`${url}/${session}`, at, { headers: { authorization: who } });
  return { talk, archive, given, route, fork };
}

test('a page asks for a fork, opens it by its name, and goes on there', async () => {
  const { talk, archive, given, fork } = await served();
  const ada = await talk.open();
  await talk.answering();
  const one = await ask(ada, 'one');
  await ask(ada, 'two');
  const before = await tree(ada);
  const name = await fork(one.answer);
  expect([name, given]).toEqual([`${NAME}-copy`, [NAME]]);
  const copy = await talk.open(withArchive(talk.connect('ada'), archive), name);
  expect(lines(copy)).toEqual(lines(ada).slice(0, 2));
  await talk.answering(withArchive(talk.connect('bot', 'agent'), archive), name);
  await ask(copy, 'another two');
  expect(lines(copy).slice(2)).toEqual(['user: another two', 'assistant: answer 1 to 3 messages']);
  expect(await tree(ada)).toEqual(before);
});

test('what can not be forked is refused with a typed error', async () => {
  const { talk, fork, route } = await served();
  const ada = await talk.open();
  await expect(fork('nowhere' as MessageId)).rejects.toMatchObject({
    name: 'ArchiveError',
    code: 'not_found',
    retryable: false,
  });
  await expect(fork('x' as MessageId, 'eve')).rejects.toMatchObject({ code: 'forbidden' });
  await expect(fork('' as MessageId)).rejects.toMatchObject({ code: 'invalid' });
  await talk.answering();
  const { answer } = await ask(ada, 'one');
  await fork(answer);
  // There is one of that name now.
  await expect(fork(answer)).rejects.toMatchObject({ code: 'conflict' });
  const plain = { method: 'POST', headers: { authorization: 'ada' }, body: 'at=1' };
  expect((await route(new Request(`http://archive/${NAME}`, plain))).status).toBe(415);
  expect((await route(new Request(`http://archive/${NAME}`))).status).toBe(405);
});

test.each([
  ['nobody', () => Promise.reject(new TypeError('failed'))],
  ['a page of HTML', () => Promise.resolve(new Response('<html>', { status: 200 }))],
  ['a server that fails', () => Promise.resolve(Response.json({}, { status: 500 }))],
])('where %s answers, forks are unavailable', async (_, fetch) => {
  await expect(requestFork('http://archive/x', 'm' as MessageId, { fetch })).rejects.toMatchObject({
    name: 'ArchiveError',
    code: 'unavailable',
    retryable: true,
  });
});
