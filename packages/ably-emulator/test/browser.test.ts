import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type * as AblyClient from 'ably';
import { SignJWT } from 'jose';
import { expect, it, onTestFinished } from 'vitest';
import { serveAbly } from '../src/index.ts';
import { openPage } from './open-page.ts';

/** The client as pages load it without a bundler: one global. */
declare global {
  var Ably: typeof AblyClient;
}

const BUNDLE = fileURLToPath(new URL('build/ably.min.js', new URL('..', import.meta.resolve('ably'))));

async function signToken(): Promise<string> {
  return new SignJWT({ 'x-ably-clientId': 'ada', 'x-ably-capability': '{"*":["*"]}' })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid: 'local.key' })
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode('secret'));
}

it("serves the client's browser build in Chromium, on a page of another origin, over sockets and REST", async () => {
  const emulator = await serveAbly();
  onTestFinished(() => emulator.close());
  const { page, preflights, failures } = await openPage(await readFile(BUNDLE, 'utf8'), signToken);
  const { key: _, ...address } = emulator.clientOptions;

  const told = await page.evaluate(async (options) => {
    const client = new Ably.Realtime({ ...options, authUrl: '/token', transports: ['web_socket'] });
    const channel = client.channels.get('room', {
      modes: ['PUBLISH', 'SUBSCRIBE', 'PRESENCE', 'PRESENCE_SUBSCRIBE', 'ANNOTATION_PUBLISH'],
    });
    const heard: unknown[] = [];
    const summary = new Promise<unknown>((resolve) => {
      void channel.subscribe(({ action, data, annotations }) => {
        if (action === 'message.summary') resolve(annotations.summary);
        else heard.push([action, data]);
      });
    });
    await channel.whenState('attached');

    const { serials } = await channel.publish('note', 'a');
    const serial = serials[0] ?? '';
    await channel.appendMessage({ serial, data: 'b' });
    for (let index = 0; index < 2; index += 1) await channel.publish('note', String(index));
    await channel.annotations.publish(serial, { type: 'reaction:distinct.v1', name: '👍' });
    await channel.presence.enter('here');

    let list = await channel.history({ limit: 2 });
    const found = list.items.map(({ data }): unknown => data);
    for (let next = await list.next(); next !== null; next = await list.next()) {
      list = next;
      found.push(...list.items.map(({ data }): unknown => data));
    }

    const rest = new Ably.Rest({ ...options, authUrl: '/token' });
    const room = rest.channels.get('room');
    const byRest = await room.publish('note', 'by REST');
    await room.updateMessage({ serial: byRest.serials[0] ?? '', data: 'changed by REST' });
    const refused = await room.getMessage('nothing').catch(({ code }: AblyClient.ErrorInfo) => code);
    const changed = await room.getMessage(byRest.serials[0] ?? '');
    const members = (await channel.presence.get()).map(({ clientId, data }): unknown => [clientId, data]);
    // A new token takes effect on the live connection.
    const before = client.connection.id;
    await client.auth.authorize();
    const kept = client.connection.id === before;
    const result = {
      heard: heard.slice(0, 4),
      summary: await summary,
      found,
      refused,
      changed: changed.data as unknown,
      members,
      annotations: (await channel.annotations.get(serial, {})).items.map(({ name }) => name),
      known: Math.abs((await rest.time()) - Date.now()) < 60_000,
      kept,
      clientId: client.auth.clientId,
      isTrusted: isSecureContext,
    };
    client.close();
    return result;
  }, address);

  expect(told).toEqual({
    heard: [
      ['message.create', 'a'],
      ['message.append', 'b'],
      ['message.create', '0'],
      ['message.create', '1'],
    ],
    summary: { 'reaction:distinct.v1': { '👍': { total: 1, clientIds: ['ada'], clipped: false } } },
    found: ['1', '0', 'ab'],
    refused: 40400,
    changed: 'changed by REST',
    members: [['ada', 'here']],
    annotations: ['👍'],
    known: true,
    kept: true,
    clientId: 'ada',
    isTrusted: false,
  });
  // The browser has asked leave for each, and got it.
  const asked = preflights.map((each) => each.replace(/[^/]*%40[^/]*/, 'SERIAL'));
  expect(asked).toEqual(
    expect.arrayContaining([
      'GET /channels/room/messages',
      'POST /channels/room/messages',
      'PATCH /channels/room/messages/SERIAL',
      'GET /channels/room/messages/SERIAL',
      'GET /channels/room/messages/SERIAL/annotations',
    ]),
  );
  // What was asked for in vain is all that the page has to complain of.
  expect(failures).toEqual([expect.stringContaining('404')]);
}, 60_000);
