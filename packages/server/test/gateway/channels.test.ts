import { expect, it } from 'vitest';
import { openClient, openGateway } from './open-gateway.ts';

it('a client may use any number of channels one after the other, and goes on with those that it follows', async () => {
  const { url } = await openGateway({ limits: { operationsPerSecond: 10_000 } });
  const channels = openClient(url, 'ada');
  const heard: string[] = [];
  const followed = channels.channel('followed');
  await followed.subscribe((delivery) => {
    if (delivery.kind === 'message') heard.push(delivery.message.id);
  });
  for (let index = 0; index < 1200; index += 1) await channels.channel(`c${index}`).history({ limit: 1 });
  await channels.channel('c0').publish({ action: 'create', draft: { id: 'again', name: 'note', data: 1 } });
  const { messages } = await channels.channel('c0').history();
  expect(messages.map(({ id }) => id)).toEqual(['again']);
  await followed.publish({ action: 'create', draft: { id: 'here', name: 'note', data: 1 } });
  await expect.poll(() => heard).toEqual(['here']);
});
