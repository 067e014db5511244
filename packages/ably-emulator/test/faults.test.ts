import type { Realtime } from 'ably';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { serveAbly, type AblyEmulator } from '../src/index.ts';
import { connect } from './client.ts';

let emulator: AblyEmulator;
let client: Realtime;

beforeEach(async () => {
  emulator = await serveAbly();
  client = connect(emulator);
});
afterEach(async () => {
  client.close();
  await emulator.close();
});

it('holds acknowledgements back: what was published has happened, and the publisher waits', async () => {
  const channel = client.channels.get('room');
  await channel.attach();
  const release = emulator.faults.delayAcks();
  let settled = false;
  const published = channel.publish('note', 'a').then(() => (settled = true));
  await vi.waitUntil(async () => (await channel.history()).items.length === 1);
  expect(settled).toBe(false);
  release();
  await published;
});

it.each(['0', '20'])(
  'holds appends back while a publish overtakes them, rollup %s ms',
  async (appendRollupWindow) => {
    client.close();
    client = connect(emulator, { transportParams: { appendRollupWindow } });
    const channel = client.channels.get('room');
    const heard: unknown[] = [];
    await channel.subscribe(({ action, data }) => void heard.push([action, data]));
    const { serials } = await channel.publish('note', 'a');
    const serial = serials[0] ?? '';
    const release = emulator.faults.holdAppends();
    const appended = ['b', 'c'].map((data) => channel.appendMessage({ serial, data }));
    await vi.waitUntil(async () => {
      await connectOther();
      return heard.length > 1;
    });
    release();
    const versions = await Promise.all(appended);
    expect(versions.map(({ versionSerial }) => versionSerial === null)).toEqual([true, false]);
    await vi.waitUntil(() => heard.length === 3);
    expect(heard).toEqual([
      ['message.create', 'a'],
      ['message.create', 'end'],
      ['message.append', 'bc'],
    ]);
    const extras = { headers: { last: 'wins' } };
    await Promise.all(
      [{ data: 'd', extras }, { data: 'e', extras }, { data: 'f' }].map((more) =>
        channel.appendMessage({ serial, ...more }),
      ),
    );
    expect(await channel.getMessage(serial)).toMatchObject({ data: 'abcdef', extras });
  },
);

/** Acknowledgements come in order, so that one's own publish would wait for the append: another client says it. */
async function connectOther(): Promise<void> {
  const other = connect(emulator);
  await other.channels.get('room').publish({ id: 'end:0', name: 'note', data: 'end' });
  other.close();
}

it('refuses one append with the error that it is told', async () => {
  const channel = client.channels.get('room');
  const { serials } = await channel.publish('note', 'a');
  const serial = serials[0] ?? '';
  emulator.faults.refuseNextAppend({ code: 40099, statusCode: 400, message: 'not today' });
  await expect(channel.appendMessage({ serial, data: 'b' })).rejects.toMatchObject({ code: 40099 });
  await channel.appendMessage({ serial, data: 'c' });
  expect((await channel.getMessage(serial)).data).toBe('ac');
});

it('gives a client that comes back a new connection, which attaches without a loss', async () => {
  const channel = client.channels.get('room');
  await channel.attach();
  const { id } = client.connection;
  emulator.faults.refuseNextResume();
  const attached = new Promise<boolean>((resolve) =>
    channel.once('attached', ({ resumed }) => resolve(resumed)),
  );
  emulator.faults.cut();
  expect(await attached).toBe(true);
  expect(client.connection.id).not.toBe(id);
});
