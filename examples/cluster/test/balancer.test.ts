import type { Channel } from '@holdfast/channel';
import { createMemoryEngine } from '@holdfast/channel/memory';
import { serve, type Gateway } from '@holdfast/server';
import { createWebSocketChannels } from '@holdfast/websocket';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, it, onTestFinished, vi } from 'vitest';
import WebSocket from 'ws';
import { openBalancer, type Balancer } from '../src/balancer.ts';

interface Setting {
  readonly gateways: readonly Gateway[];
  readonly balancer: Balancer;
}

/** Two gateways over one engine, and a page. */
async function open(): Promise<Setting> {
  const engine = createMemoryEngine();
  const anybody = (): { clientId: string; capabilities: Record<string, ['*']> } => ({
    clientId: 'ada',
    capabilities: { '*': ['*'] },
  });
  const gateways = [
    await serve({ engine, authenticate: anybody, port: 0, host: '127.0.0.1' }),
    await serve({ engine, authenticate: anybody, port: 0, host: '127.0.0.1' }),
  ];
  const page = createServer((_request, response) => response.end('the page')).listen(0, '127.0.0.1');
  await once(page, 'listening');
  const address = page.address();
  const balancer = await openBalancer({
    gateways: gateways.map(({ port }) => `http://127.0.0.1:${port}`),
    page: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    port: 0,
  });
  onTestFinished(async () => {
    await Promise.all(gateways.map((gateway) => gateway.close({ drainMs: 0 })));
    await balancer.close();
    page.close();
    await engine.close();
  });
  return { gateways, balancer };
}

function connect({ address }: Balancer, transport: 'websocket' | 'http'): Channel {
  const channels = createWebSocketChannels({ url: `${address}/holdfast`, transport, WebSocket });
  onTestFinished(() => channels.close());
  return channels.channel('support');
}

it.each(['websocket', 'http'] as const)('carries a session over %s', async (transport) => {
  const { balancer } = await open();
  const [writer, reader] = [connect(balancer, transport), connect(balancer, transport)];
  const heard: unknown[] = [];
  await reader.subscribe((delivery) => heard.push(delivery.kind));
  await writer.publish({ action: 'create', draft: { id: 'm-1', name: 'note', data: 'hello' } });
  await vi.waitFor(() => expect(heard).toEqual(['message']), { timeout: 20_000 });
});

it('spreads WebSockets, and has nobody wait at a gateway that drains', async () => {
  const { balancer, gateways } = await open();
  const channels = [1, 2, 3, 4].map(() => connect(balancer, 'websocket'));
  for (const channel of channels) await channel.history();
  expect(gateways.map(({ connections }) => connections)).toEqual([2, 2]);
  await gateways[0]?.close({ drainMs: 100 });
  await vi.waitFor(() => expect(balancer.healthy.size).toBe(1), { timeout: 20_000 });
  for (const channel of channels) await channel.history();
  expect(gateways[1]?.connections).toBe(4);
});

it('serves the page, and keeps the gateways’ figures to itself', async () => {
  const { balancer } = await open();
  expect(await (await fetch(balancer.address)).text()).toBe('the page');
  expect((await fetch(`${balancer.address}/holdfast/metrics`)).status).toBe(404);
  expect((await fetch(`${balancer.address}/holdfast/health`)).status).toBe(404);
});
