import type { Message, Realtime } from 'ably';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serveAbly, type AblyEmulator } from '../src/index.ts';
import { connect } from './client.ts';

describe.each([false, true])('messages, binary: %s', (useBinaryProtocol) => {
  let emulator: AblyEmulator;
  let client: Realtime;

  beforeEach(async () => {
    emulator = await serveAbly();
    client = connect(emulator, { useBinaryProtocol, clientId: 'ada' });
  });
  afterEach(async () => {
    client.close();
    await emulator.close();
  });

  it('publishes, appends, updates and deletes, live and in history', async () => {
    const channel = client.channels.get('room');
    const heard: Message[] = [];
    await channel.subscribe((message) => void heard.push(message));
    const { serials } = await channel.publish({ name: 'note', data: 'a', extras: { headers: { x: '1' } } });
    const serial = serials[0] ?? '';
    const appended = await channel.appendMessage({ serial, data: 'b' });
    const page = await channel.history();
    expect(page.items).toMatchObject([
      {
        serial,
        name: 'note',
        data: 'ab',
        clientId: 'ada',
        action: 'message.update',
        version: { serial: appended.versionSerial },
        extras: { headers: { x: '1' } },
      },
    ]);
    await channel.updateMessage({ serial, data: { now: ['json'] } });
    await channel.deleteMessage({ serial });
    expect(heard.map(({ action, data }) => [action, data])).toEqual([
      ['message.create', 'a'],
      ['message.append', 'b'],
      ['message.update', { now: ['json'] }],
      ['message.delete', { now: ['json'] }],
    ]);
    expect((await channel.getMessage(serial)).action).toBe('message.delete');
    const versions = await channel.getMessageVersions(serial);
    expect(versions.items.map(({ action, data }) => [action, data])).toEqual([
      ['message.create', 'a'],
      ['message.update', 'ab'],
      ['message.update', { now: ['json'] }],
      ['message.delete', { now: ['json'] }],
    ]);
  });

  it('carries text, JSON and bytes', async () => {
    const channel = client.channels.get('room');
    const bytes = Buffer.from([0, 255, 128]);
    await channel.publish([
      { data: 'é\u0000\u{1f600}' },
      { data: [1, { a: null }] },
      { data: bytes },
      { name: 'no data' },
    ]);
    const { items } = await channel.history({ direction: 'forwards' });
    expect(items.map(({ data }) => data)).toEqual(['é\u0000\u{1f600}', [1, { a: null }], bytes, null]);
  });
});
