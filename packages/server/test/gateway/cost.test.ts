import { expect, it, vi } from 'vitest';
import { openClient, openGateway } from './open-gateway.ts';
import { openTcpProxy } from '@holdfast/testing/tcp-proxy';
import { atEnd } from './open-gateway.ts';

it('a delta of 4 characters costs at most 40 bytes beside its text, on the socket', async () => {
  const { url, port } = await openGateway({ limits: { operationsPerSecond: 100_000 } });
  const network = await openTcpProxy(port ?? 0);
  atEnd(() => network.close());
  const reader = openClient(url.replace(String(port), String(network.port)), 'reader').channel('c');
  const writer = openClient(url, 'writer').channel('c');
  let heard = '';
  await reader.subscribe((delivery) => {
    if (delivery.kind === 'append') heard += delivery.data;
  });
  const [receipt] = await writer.publish({ action: 'create', draft: { id: 'a', name: 'note', data: '' } });
  if (receipt === undefined) throw new Error('no receipt');
  const before = network.bytesDown;
  const deltas = 2000;
  // Each is published on its own, and none is joined with another.
  for (let count = 0; count < deltas; count += 1)
    await writer.publish({ action: 'append', serial: receipt.serial, data: 'word', offset: count * 4 });
  await vi.waitFor(() => expect(heard).toHaveLength(deltas * 4));
  const beside = (network.bytesDown - before) / deltas - 4;
  console.info(`${beside.toFixed(1)} bytes beside each delta`);
  expect(beside).toBeLessThanOrEqual(40);
});
