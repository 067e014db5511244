import { createChannelFold, type Delivery } from '@holdfast/channel';
import { expect, it, vi } from 'vitest';
import { openClient, openGateway } from './open-gateway.ts';

it.each(['websocket', 'http'] as const)('a message grows on another device, over %s', async (transport) => {
  const { url } = await openGateway();
  const ada = openClient(url, 'ada', { transport }).channel('c');
  const bob = openClient(url, 'bob', { transport }).channel('c');
  const deliveries: Delivery[] = [];
  await bob.subscribe((delivery) => deliveries.push(delivery));
  const [receipt] = await ada.publish({ action: 'create', draft: { id: 'a', name: 'note', data: '' } });
  if (receipt === undefined) throw new Error('no receipt');
  for (const [offset, data] of [...'word'].entries())
    await ada.publish({ action: 'append', serial: receipt.serial, data, offset });
  await vi.waitFor(() => expect(deliveries).toHaveLength(5));
  const fold = createChannelFold();
  for (const delivery of deliveries) fold.apply(delivery);
  expect(fold.messages()).toMatchObject([{ id: 'a', data: 'word', clientId: 'ada' }]);
  expect((await bob.history()).messages).toEqual(fold.messages());
});
