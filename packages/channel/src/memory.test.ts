import { expect, it } from 'vitest';
import { createMemoryChannels, createMemoryEngine } from './memory.ts';
import type { Delivery } from './delivery.ts';
import { createChannelFold } from './fold.ts';
import { followChannel } from './follow.ts';
import type { Channel } from './contract.ts';
import type { Position } from './ids.ts';

async function create(channel: Channel, id: string, data = '') {
  const [receipt] = await channel.publish({ action: 'create', draft: { id, name: 'test', data } });
  if (receipt === undefined) throw new Error('no receipt');
  return receipt;
}

it('I2 history up to the start and the deliveries after it are the whole log', async () => {
  const engine = createMemoryEngine();
  const channel = createMemoryChannels({ engine }).channel('c');
  const first = await create(channel, 'one', 'a');
  const deliveries: Delivery[] = [];
  const subscription = await channel.subscribe((delivery) => deliveries.push(delivery));
  await create(channel, 'two');
  await channel.publish({ action: 'append', serial: first.serial, data: 'b', offset: 1 });
  const { messages } = await channel.history({ until: subscription.start });
  expect(messages.map(({ id }) => id)).toEqual(['one']);
  const fold = createChannelFold();
  for (const message of messages) fold.add(message);
  for (const delivery of deliveries) fold.apply(delivery);
  expect(fold.messages().map(({ id, data }) => [id, data])).toEqual([
    ['one', 'ab'],
    ['two', ''],
  ]);
});

it('I3 a resuming reader that says what it holds gets the rest', async () => {
  const channel = createMemoryChannels().channel('c');
  const { serial } = await create(channel, 'one', 'abc');
  let position: Position | undefined;
  const before = await channel.subscribe(() => {});
  position = before.start;
  before.close();
  await channel.publish({ action: 'append', serial, data: 'def', offset: 3 });
  const deliveries: Delivery[] = [];
  await channel.subscribe((delivery) => deliveries.push(delivery), {
    from: position,
    known: new Map([[serial, 3]]),
  });
  expect(deliveries).toMatchObject([{ kind: 'append', data: 'def', offset: 3 }]);
});

it('I4 a position of another epoch gets a gap, and a follower reads history again', async () => {
  const channel = createMemoryChannels().channel('c');
  await create(channel, 'one', 'abc');
  const elsewhere = await createMemoryChannels()
    .channel('c')
    .subscribe(() => {});
  const deliveries: Delivery[] = [];
  await channel.subscribe((delivery) => deliveries.push(delivery), { from: elsewhere.start });
  expect(deliveries).toMatchObject([{ kind: 'gap' }]);
  const events: string[] = [];
  const following = followChannel(channel, (event) => events.push(event.kind));
  await following.ready;
  expect(events).toEqual(['page', 'live']);
});

it('P3 only its creator changes a message', async () => {
  const engine = createMemoryEngine();
  const ada = createMemoryChannels({ engine, clientId: 'ada' }).channel('c');
  const bob = createMemoryChannels({ engine, clientId: 'bob' }).channel('c');
  const { serial } = await create(ada, 'one');
  await expect(bob.publish({ action: 'append', serial, data: 'x', offset: 0 })).rejects.toMatchObject({
    code: 'forbidden',
  });
});

it('a bad argument is refused with its path', async () => {
  const channel = createMemoryChannels().channel('c');
  await expect(
    channel.publish([{ action: 'create', draft: { id: 'a', name: 'n', data: { at: new Date() as never } } }]),
  ).rejects.toMatchObject({ code: 'invalid', path: 'operations[0].draft.data.at' });
});
