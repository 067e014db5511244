import { expect, it } from 'vitest';
import type { Delivery } from '../delivery.ts';
import { createChannelFold } from '../fold.ts';
import type { Serial } from '../ids.ts';
import type { Operation } from '../operation.ts';
import { openEngineSubscription } from './engine-subscription.ts';
import { createMemoryChannels } from '../memory.ts';
import { createMemoryEngine } from './memory-engine.ts';
import type { Engine, TailEvent } from './port.ts';

/** An engine whose tail loses what is committed while `losing`, and says so when asked. */
function createLosingEngine() {
  const engine = createMemoryEngine();
  const listeners = new Set<(event: TailEvent) => void>();
  let losing = false;
  const tail: Engine['tail'] = (channel, listener) => {
    listeners.add(listener);
    return engine.tail(channel, (event) => {
      if (!losing) listener(event);
    });
  };
  return {
    engine: { ...engine, tail },
    lose: () => void (losing = true),
    find: () => {
      losing = false;
      for (const listener of listeners) listener({ kind: 'lost' });
    },
  };
}

it('I3 after a loss a text that was rewritten since the reader said what it held comes whole', async () => {
  const { engine, lose, find } = createLosingEngine();
  const commit = async (operation: Operation): Promise<Serial> => {
    const [outcome] = await engine.commit('c', { connectionId: 'x' }, [operation]);
    if (outcome?.ok !== true) throw new Error('refused');
    return outcome.receipt.serial;
  };
  const serial = await commit({ action: 'create', draft: { id: 'm', name: 'n', data: 'old text' } });
  const { head } = await engine.tail('c', () => {});

  const deliveries: Delivery[] = [];
  const fold = createChannelFold();
  for (const message of (await engine.page('c', {})).messages) fold.add(message);
  const subscription = await openEngineSubscription(engine, 'c', (each) => void deliveries.push(each), {
    from: head,
    known: new Map([[serial, 8]]),
  });
  await commit({ action: 'update', serial, draft: { data: 'new' } });
  await expect.poll(() => deliveries.length).toBe(1);
  lose();
  await commit({ action: 'append', serial, data: ' and longer', offset: 3 });
  find();
  await expect.poll(() => deliveries.length).toBe(2);

  const missing = deliveries.map((delivery) => fold.apply(delivery).missing);
  expect(missing).toEqual([undefined, undefined]);
  expect(fold.get(serial)?.data).toBe('new and longer');
  subscription.close();
});

it('I3 catching up claims a new position only with the last thing it tells', async () => {
  const engine = createMemoryEngine();
  const channel = createMemoryChannels({ engine, clientId: 'ada' }).channel('c');
  const [created] = await channel.publish({ action: 'create', draft: { id: 'm', name: 'n', data: 'a' } });
  const serial = created?.serial ?? ('' as Serial);
  const { head } = await engine.tail('c', () => {});
  await channel.publish([
    {
      action: 'annotate',
      serial,
      annotation: { action: 'add', id: 'n-1', type: 'likes:total.v1' },
    },
    { action: 'append', serial, data: 'b', offset: 1 },
  ]);

  const deliveries: Delivery[] = [];
  const known = new Map([[serial, 1]]);
  await channel.subscribe((delivery) => void deliveries.push(delivery), { from: head, known });
  expect(deliveries.map(({ kind }) => kind)).toEqual(['append', 'annotations']);
  const [first, last] = deliveries;
  expect(first?.kind === 'append' && first.position).toBe(head);
  expect(last?.kind === 'annotations' && last.position > head).toBe(true);
});
