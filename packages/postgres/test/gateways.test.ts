import { createChannelFold, followChannel, type Channels } from '@holdfast/channel';
import { serve } from '@holdfast/server';
import { issueToken, verifyTokens } from '@holdfast/server/token';
import { createWebSocketChannels } from '@holdfast/websocket';
import { afterAll, expect, it, vi } from 'vitest';
import WebSocket from 'ws';
import { startCluster } from './cluster.ts';
import { openEngine } from './open-engine.ts';

const SECRET = 'a secret for tests only, of more than 32 bytes';

const cluster = await startCluster();
afterAll(() => cluster.close());

function connect(port: number | undefined, clientId: string): Channels {
  return createWebSocketChannels({
    url: `ws://127.0.0.1:${port ?? 0}/holdfast`,
    token: () => issueToken({ secret: SECRET, clientId, capabilities: { '*': ['*'] }, ttl: 600 }),
    WebSocket,
  });
}

it('I1 I3 clients of two gateways on one database fold to what is stored, whoever publishes where', async () => {
  const engines = [
    await openEngine(cluster.pool(), 'holdfast'),
    await openEngine(cluster.pool(), 'holdfast'),
  ];
  const authenticate = verifyTokens({ secret: SECRET });
  const gateways = await Promise.all(
    engines.map((engine) => serve({ engine, authenticate, port: 0, host: '127.0.0.1' })),
  );
  const readers = await Promise.all(
    gateways.map(async ({ port }, index) => {
      const channels = connect(port, `reader ${index}`);
      const fold = createChannelFold();
      const following = followChannel(channels.channel('s'), (event) => {
        if (event.kind === 'page') for (const message of event.messages) fold.add(message);
        if (event.kind === 'delivery') fold.apply(event.delivery);
      });
      await following.ready;
      return { channels, fold, following };
    }),
  );
  const publishers = await Promise.all(
    gateways.map(async ({ port }, index) => {
      const channels = connect(port, `publisher ${index}`);
      const channel = channels.channel('s');
      const draft = { id: `${index}`, name: 'note', data: '' };
      const [created] = await channel.publish({ action: 'create', draft });
      if (created === undefined) throw new Error('A create has a receipt.');
      return { channels, channel, serial: created.serial };
    }),
  );
  await Promise.all(
    publishers.map(async ({ channel, serial }, index) => {
      // Several in flight at a time, and never all of them.
      for (let offset = 0; offset < 200; offset += 5)
        await Promise.all(
          [0, 1, 2, 3, 4].map((more) =>
            channel.publish({ action: 'append', serial, offset: offset + more, data: String(index) }),
          ),
        );
    }),
  );
  const [first] = publishers;
  const stored = (await first?.channel.history())?.messages.toReversed() ?? [];
  expect(new Set(stored.map(({ data }) => data))).toEqual(new Set(['0'.repeat(200), '1'.repeat(200)]));
  for (const { fold } of readers)
    await vi
      .waitUntil(() => JSON.stringify(fold.messages()) === JSON.stringify(stored), {
        timeout: 5000,
        interval: 5,
      })
      .catch(() => expect(fold.messages()).toEqual(stored));
  for (const { following } of readers) following.close();
  await Promise.all([...readers, ...publishers].map(({ channels }) => channels.close()));
  await Promise.all(gateways.map((gateway) => gateway.close({ drainMs: 0 })));
  await Promise.all(engines.map((engine) => engine.close()));
});
