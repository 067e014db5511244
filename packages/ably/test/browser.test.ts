import { serveAbly } from '@holdfast/ably-emulator';
import type { Delivery } from '@holdfast/channel';
import { fileURLToPath } from 'node:url';
import type { Realtime as RealtimeClient } from 'ably';
import { build } from 'esbuild';
import { expect, it, onTestFinished } from 'vitest';
import { openPage } from '../../ably-emulator/test/open-page.ts';
import type { createAblyChannels } from '../src/index.ts';
import { signToken } from './ably-backend.ts';

/** What the bundle leaves for the page. */
declare global {
  var holdfast: {
    readonly createAblyChannels: typeof createAblyChannels;
    readonly Realtime: typeof RealtimeClient;
  };
}

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: `
        import { Realtime } from 'ably';
        import { createAblyChannels } from './src/index.ts';
        globalThis.holdfast = { Realtime, createAblyChannels };`,
      resolveDir: fileURLToPath(new URL('..', import.meta.url)),
    },
    bundle: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

it('bundled for a page of another origin: publishes, appends, annotates, reads back, is present', async () => {
  const emulator = await serveAbly({
    appendRollupWindowMs: 40,
    namespaces: { holdfast: { mutableMessages: true } },
  });
  onTestFinished(() => emulator.close());
  const { page, failures } = await openPage(await bundle(), () => signToken('ada', { role: 'participant' }));
  const { key: _, ...address } = emulator.clientOptions;

  const told = await page.evaluate(async (options) => {
    const { Realtime, createAblyChannels: create } = holdfast;
    const client = new Realtime({ ...options, authUrl: '/token', transports: ['web_socket'] });
    const channels = create({ client });
    const channel = channels.channel('room');
    const heard: Delivery[] = [];
    const start = await channel.subscribe((delivery) => void heard.push(delivery));
    const [created] = await channel.publish({
      action: 'create',
      draft: { id: 'growing', name: 'note', data: '', headers: { of: 'ada' } },
    });
    if (created === undefined) throw new Error('no receipt');
    const { serial } = created;
    const words = Array.from({ length: 100 }, (_, index) => `w${index} 😀`);
    let offset = 0;
    await Promise.all(
      words.map((data) => {
        offset += data.length;
        return channel.publish({ action: 'append', serial, data, offset: offset - data.length });
      }),
    );
    const annotation = { action: 'add', id: 'a-1', type: 'reaction:distinct.v1', name: '👍' } as const;
    await channel.publish({ action: 'annotate', serial, annotation });
    await channel.publish(
      [1, 2, 3].map((n) => ({ action: 'create', draft: { id: `n${n}`, name: 'note', data: n } })),
    );
    await channel.presence.enter({ device: 'page' });
    const first = await channel.history({ limit: 2 });
    const second = await channel.history({
      limit: 2,
      ...(first.next !== undefined && { cursor: first.next }),
    });
    const before = await channel.history({ until: start.start });
    const members = await channel.presence.members();
    const annotations = await channel.annotations(serial);
    const whole = words.join('');
    await channels.close();
    client.close();
    return {
      stored: [...first.messages, ...second.messages].map(({ id, data }) => [
        id,
        data === whole ? 'whole' : data,
      ]),
      stamped: second.messages.at(-1),
      before: before.messages.length,
      kinds: [...new Set(heard.map(({ kind }) => kind))],
      members: members.map(({ clientId, data }) => [clientId, data]),
      annotations: annotations.annotations.map(({ id, name }) => [id, name]),
    };
  }, address);

  expect(told).toMatchObject({
    stored: [
      ['n3', 3],
      ['n2', 2],
      ['n1', 1],
      ['growing', 'whole'],
    ],
    stamped: {
      clientId: 'ada',
      claims: { role: 'participant' },
      headers: { of: 'ada' },
      annotations: { types: { 'reaction:distinct.v1': { '👍': { total: 1, clientIds: ['ada'] } } } },
    },
    before: 0,
    members: [['ada', { device: 'page' }]],
    annotations: [['a-1', '👍']],
  });
  expect(told.kinds).toEqual(expect.arrayContaining(['message', 'append', 'annotations']));
  expect(told.kinds).not.toContain('gap');
  expect(failures).toEqual([]);
}, 60_000);
