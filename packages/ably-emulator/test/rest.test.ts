import { Rest } from 'ably';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serveAbly, type AblyEmulator } from '../src/index.ts';

let emulator: AblyEmulator;
let base: string;
const authorization = `Basic ${Buffer.from('local.key:secret').toString('base64')}`;

beforeEach(async () => {
  emulator = await serveAbly({ namespaces: { mutable: { mutableMessages: true } } });
  base = `http://127.0.0.1:${emulator.port}`;
});
afterEach(() => emulator.close());

describe.each([false, true])('REST, binary: %s', (useBinaryProtocol) => {
  const open = () => new Rest({ ...emulator.clientOptions, useBinaryProtocol, logLevel: 0 });

  it('publishes once, pages history both ways, and reads one message and its versions', async () => {
    const channel = open().channels.get('mutable:room');
    const names = Array.from({ length: 7 }, (_, index) => `n${index}`);
    for (const name of names) await channel.publish({ id: `${name},id:0`, name, data: name });
    await channel.publish({ id: 'n0,id:0', name: 'again', data: 'again' });
    for (const direction of ['forwards', 'backwards'] as const) {
      const found: (string | undefined)[] = [];
      let page = await channel.history({ limit: 3, direction });
      for (;;) {
        found.push(...page.items.map(({ name }) => name));
        const next = page.hasNext() ? await page.next() : null;
        if (next === null) break;
        page = next;
      }
      expect(found).toEqual(direction === 'forwards' ? names : names.toReversed());
    }
    const [message] = (await channel.history({ limit: 1 })).items;
    const serial = message?.serial ?? '';
    await channel.appendMessage({ serial, data: '!' });
    await channel.updateMessage({ serial, data: 'new' }, { description: 'a better word' });
    expect(await channel.getMessage(serial)).toMatchObject({
      data: 'new',
      version: { description: 'a better word' },
    });
    const { items } = await channel.getMessageVersions(serial);
    expect(items.map(({ data }) => data)).toEqual(['n6', 'n6!', 'new']);
  });

  it('annotates, and says who is present and what the time is', async () => {
    const client = open();
    const channel = client.channels.get('mutable:room');
    const { serials } = await channel.publish('note', 'a');
    const serial = serials[0] ?? '';
    for (const name of ['a', 'b', 'a'])
      await channel.annotations.publish(serial, { type: 'sources:multiple.v1', name, clientId: 'ada' });
    await channel.annotations.delete(serial, { type: 'sources:multiple.v1', name: 'b', clientId: 'ada' });
    expect(
      (await channel.annotations.get(serial, {})).items.map(({ action, name }) => [action, name]),
    ).toEqual([
      ['annotation.create', 'a'],
      ['annotation.create', 'b'],
      ['annotation.create', 'a'],
      ['annotation.delete', 'b'],
    ]);
    expect((await channel.getMessage(serial)).annotations?.summary).toEqual({
      'sources:multiple.v1': {
        a: { total: 2, clientIds: { ada: 2 }, totalUnidentified: 0, clipped: false, totalClientIds: 1 },
      },
    });
    expect((await channel.presence.get({})).items).toEqual([]);
    expect(await client.time()).toBeGreaterThan(1e12);
    expect(await channel.status()).toMatchObject({ channelId: 'mutable:room', status: { isActive: true } });
  });

  it('refuses with Ably’s codes: a message that cannot change, is too large, is not there', async () => {
    const channel = open().channels.get('fixed');
    const { serials } = await channel.publish('note', 'a');
    await expect(channel.appendMessage({ serial: serials[0] ?? '', data: 'b' })).rejects.toMatchObject({
      code: 93002,
    });
    const large = JSON.stringify({ name: 'x', data: 'x'.repeat(70_000) });
    const posted = await fetch(`${base}/channels/fixed/messages`, {
      method: 'POST',
      body: large,
      headers: { authorization, 'content-type': 'application/json' },
    });
    expect(await posted.json()).toMatchObject({ error: { code: 40009 } });
    await expect(channel.getMessage('nothing')).rejects.toMatchObject({ code: 40400, statusCode: 404 });
  });
});

it('answers a browser of another origin, in the envelope that it asks for', async () => {
  const origin = 'http://page.example';
  const preflight = await fetch(`${base}/channels/mutable:room/messages/x`, {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-headers': 'authorization,x-ably-version' },
  });
  expect(preflight.status).toBe(204);
  expect(Object.fromEntries(preflight.headers)).toMatchObject({
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'access-control-allow-headers': 'authorization,x-ably-version',
  });
  expect(preflight.headers.get('access-control-allow-methods')).toContain('PATCH');

  const headers = { authorization, origin };
  const page = await fetch(`${base}/channels/room/messages?limit=1&envelope=json`, { headers });
  expect(page.headers.get('content-type')).toBe('application/json');
  expect(await page.json()).toEqual({
    statusCode: 200,
    headers: { link: expect.stringContaining('<./messages?limit=1&envelope=json>; rel="first"') },
    response: [],
  });
  const missing = await fetch(`${base}/channels/room/messages/x?envelope=json`, { headers });
  expect([missing.status, await missing.json()]).toMatchObject([200, { statusCode: 404 }]);
});

it('provides apps for tests, each with its own channels, keys and namespaces', async () => {
  const response = await fetch(`${base}/apps`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      keys: [{}, { capability: JSON.stringify({ 'only:*': ['subscribe'] }) }],
      namespaces: [{ id: 'pinned', mutableMessages: true }],
    }),
  });
  expect(response.status).toBe(201);
  const { appId, keys } = (await response.json()) as { appId: string; keys: { keyStr: string }[] };
  const open = (key: string) =>
    new Rest({ ...emulator.clientOptions, key, useBinaryProtocol: false, logLevel: 0 });
  const [first, second] = keys.map(({ keyStr }) => open(keyStr));
  if (first === undefined || second === undefined) throw new Error('two keys were asked for');
  const { serials } = await first.channels.get('pinned:room').publish('note', 'a');
  await first.channels.get('pinned:room').appendMessage({ serial: serials[0] ?? '', data: 'b' });
  await expect(second.channels.get('only:me').publish('note', 'a')).rejects.toMatchObject({ code: 40160 });
  const other = open('local.key:secret').channels.get('pinned:room');
  expect((await other.history()).items).toEqual([]);

  expect((await fetch(`${base}/apps/${appId}`, { method: 'DELETE' })).status).toBe(204);
  await expect(first.channels.get('pinned:room').history()).rejects.toMatchObject({ code: 40101 });
});
