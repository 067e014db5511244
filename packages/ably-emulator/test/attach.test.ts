import type { InboundMessage, Realtime } from 'ably';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { serveAbly, type AblyEmulator } from '../src/index.ts';
import { connect } from './client.ts';

let emulator: AblyEmulator;
const clients: Realtime[] = [];

beforeEach(async () => {
  emulator = await serveAbly({ limits: { messagesPerSecond: 30 } });
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await emulator.close();
});

const open = (options: Parameters<typeof connect>[1] = {}): Realtime => {
  const client = connect(emulator, options);
  clients.push(client);
  return client;
};

it('tells the whole message first, then what is added, to each attachment', async () => {
  const channel = open().channels.get('room');
  const { serials } = await channel.publish('note', 'a');
  const serial = serials[0] ?? '';
  await channel.appendMessage({ serial, data: 'b' });
  const heard: unknown[] = [];
  const late = open().channels.get('room');
  await late.subscribe(({ action, data, name }) => void heard.push([action, name, data]));
  await channel.appendMessage({ serial, data: 'c' });
  await channel.appendMessage({ serial, data: 'd' });
  await vi.waitUntil(() => heard.length === 2);
  expect(heard).toEqual([
    ['message.update', 'note', 'abc'],
    ['message.append', 'note', 'd'],
  ]);
});

it('rewinds by number and by time, and history until the attachment joins without a seam', async () => {
  const channel = open().channels.get('room');
  for (const data of ['a', 'b', 'c']) await channel.publish('note', data);
  for (const [rewind, count] of [
    ['2', 2],
    ['1m', 3],
  ] as const) {
    const heard: InboundMessage[] = [];
    const late = open().channels.get('room', { params: { rewind } });
    const change = await late.subscribe((message) => void heard.push(message));
    expect(change?.hasBacklog).toBe(true);
    await vi.waitUntil(() => heard.length === count);
    const before = await late.history({ untilAttach: true });
    const all = [...before.items.toReversed(), ...heard].map(({ data }) => data);
    expect(all).toEqual(['a', 'b', 'c']);
  }
});

it('recovers a connection under its id, and gives another one a new id', async () => {
  const first = open({ clientId: 'ada' });
  const channel = first.channels.get('room');
  await channel.attach();
  const { id } = first.connection;
  const recover = first.connection.createRecoveryKey() ?? '';
  const stop = emulator.faults.refuseConnections(id ?? '');
  emulator.faults.cut(id);
  await first.connection.whenState('disconnected');
  // The page is gone before it has come back; the next one takes over.
  first.close();
  stop();
  const second = open({ clientId: 'ada', recover });
  await second.connection.whenState('connected');
  expect(second.connection.id).toBe(id);
  const third = open({ clientId: 'ada', recover });
  await third.connection.whenState('connected');
  expect(third.connection.id).not.toBe(id);
  expect(third.connection.errorReason).toMatchObject({ code: 80018 });
});

it('gives an attachment without continuity a new start, and says so', async () => {
  const client = open();
  const channel = client.channels.get('room');
  await channel.attach();
  await channel.publish('note', 'a');
  await emulator.faults.forgetHistory();
  const attached = new Promise<{ resumed: boolean; reason?: { code: number } }>((resolve) =>
    channel.once('attached', resolve),
  );
  emulator.faults.cut();
  expect(await attached).toMatchObject({ resumed: false, reason: { code: 90003 } });
});

it('keeps members over a broken connection, and tells whoever comes who is there', async () => {
  const ada = open({ clientId: 'ada' }).channels.get('room');
  await ada.presence.enter('here');
  const heard: unknown[] = [];
  const bob = open({ clientId: 'bob' }).channels.get('room');
  await bob.presence.subscribe(({ action, clientId, data }) => void heard.push([action, clientId, data]));
  expect((await bob.presence.get()).map(({ clientId }) => clientId)).toEqual(['ada']);
  emulator.faults.cut();
  await ada.whenState('attaching');
  await ada.whenState('attached');
  await ada.presence.update('still here');
  await ada.presence.leave();
  await vi.waitUntil(() => heard.length === 3);
  expect(heard).toEqual([
    ['present', 'ada', 'here'],
    ['update', 'ada', 'still here'],
    ['leave', 'ada', 'still here'],
  ]);
});

it('tells single annotations to those who ask for them, and the summary to all', async () => {
  const ada = open({ clientId: 'ada' }).channels.get('room', {
    modes: ['PUBLISH', 'SUBSCRIBE', 'ANNOTATION_PUBLISH', 'ANNOTATION_SUBSCRIBE'],
  });
  const bob = open({ clientId: 'bob' }).channels.get('room');
  const heard: unknown[] = [];
  await ada.annotations.subscribe(({ type, name, clientId }) => void heard.push([type, name, clientId]));
  await bob.subscribe(({ action, annotations }) => {
    if (action === 'message.summary') heard.push(annotations.summary);
  });
  const { serials } = await ada.publish('note', 'a');
  await bob.annotations.publish(serials[0] ?? '', { type: 'emoji:distinct.v1', name: '👍' });
  await vi.waitUntil(() => heard.length === 2);
  expect(heard).toContainEqual(['emoji:distinct.v1', '👍', 'bob']);
  expect(heard).toContainEqual({
    'emoji:distinct.v1': { '👍': { total: 1, clientIds: ['bob'], clipped: false } },
  });
  await expect(
    bob.annotations.publish(serials[0] ?? '', { type: 'emoji:distinct.v1' }),
  ).rejects.toMatchObject({ code: 40000 });
});

it('delivers ephemeral messages and keeps none, and sends no echo where none is wanted', async () => {
  const channel = open({ echoMessages: false }).channels.get('room');
  const other = open().channels.get('room');
  const heard: unknown[] = [];
  const echoed: unknown[] = [];
  await channel.subscribe(({ data }) => void echoed.push(data));
  await other.subscribe(({ data }) => void heard.push(data));
  await channel.publish({ name: 'beat', data: 1 + '', extras: { ephemeral: true } });
  await channel.publish('note', 'kept');
  await vi.waitUntil(() => heard.length === 2);
  expect(heard).toEqual(['1', 'kept']);
  expect((await other.history()).items.map(({ data }) => data)).toEqual(['kept']);
  await other.publish('note', 'of another');
  await vi.waitUntil(() => echoed.length > 0);
  expect(echoed).toEqual(['of another']);
});

it('joins appends within the window, and tells which of them were swallowed', async () => {
  const client = open({ transportParams: { appendRollupWindow: '100' } });
  const channel = client.channels.get('room');
  const { serials } = await channel.publish('note', '');
  const serial = serials[0] ?? '';
  const heard: unknown[] = [];
  await channel.subscribe(({ data }) => void heard.push(data));
  const results = await Promise.all(
    ['a', 'b', 'c', 'd'].map((data) => channel.appendMessage({ serial, data })),
  );
  expect(results.map(({ versionSerial }) => versionSerial === null)).toEqual([false, true, true, false]);
  await vi.waitUntil(() => heard.length === 2);
  expect(heard).toEqual(['a', 'bcd']);
});

it('refuses what comes faster than the limit', async () => {
  const channel = open().channels.get('room');
  const results = await Promise.allSettled(Array.from({ length: 70 }, () => channel.publish('note', 'a')));
  const refused = results.filter((result) => result.status === 'rejected');
  // Even where a second begins meanwhile.
  expect(refused.length).toBeGreaterThanOrEqual(10);
  expect(refused[0]?.reason).toMatchObject({ code: 42911, statusCode: 429 });
});
