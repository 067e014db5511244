import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { JSDOM } from 'jsdom';
import { expect, it } from 'vitest';
import { serveAbly } from '../src/index.ts';

// The client as browsers load it, in a page of another origin: its own sockets, requests and checks of origins.

it('serves the browser build of the client, over sockets and REST', async () => {
  const emulator = await serveAbly();
  const bundle = fileURLToPath(new URL('build/ably.min.js', new URL('..', import.meta.resolve('ably'))));
  const script = await readFile(bundle, 'utf8');
  const { window } = new JSDOM('<!doctype html>', {
    url: 'http://page.example',
    runScripts: 'outside-only',
    pretendToBeVisual: true,
  });
  // Browsers have these; jsdom doesn't, and its own arrays are not those that they make.
  Object.assign(window, { TextEncoder, TextDecoder, ArrayBuffer, Uint8Array });
  window.eval(script);
  const page = JSON.stringify({
    ...emulator.clientOptions,
    transports: ['web_socket'],
    clientId: 'ada',
    useBinaryProtocol: false,
  });
  const told: unknown = await window.eval(`(async () => {
    const client = new Ably.Realtime(${page});
    const channel = client.channels.get('room');
    const heard = [];
    await channel.subscribe(({ action, data }) => heard.push([action, data]));
    const { serials } = await channel.publish('note', 'a');
    await channel.appendMessage({ serial: serials[0], data: 'b' });
    for (let index = 0; index < 2; index += 1) await channel.publish('note', String(index));
    await channel.presence.enter('here');
    let page = await channel.history({ limit: 2 });
    const found = [...page.items];
    while (page.hasNext()) found.push(...(page = await page.next()).items);
    const rest = client.rest.channels.get('room');
    await rest.updateMessage({ serial: serials[0], data: 'new' });
    const refused = await rest.getMessage('nothing').catch(({ code }) => code);
    const members = (await channel.presence.get()).map(({ data }) => data);
    client.close();
    return JSON.stringify({ heard: heard.slice(0, 2), found: found.map(({ data }) => data), refused, members });
  })()`);
  window.close();
  await emulator.close();
  expect(JSON.parse(String(told))).toEqual({
    heard: [
      ['message.create', 'a'],
      ['message.append', 'b'],
    ],
    found: ['1', '0', 'ab'],
    refused: 40400,
    members: ['here'],
  });
});
