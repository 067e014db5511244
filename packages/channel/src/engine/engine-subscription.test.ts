import { expect, it } from 'vitest';
import type { Delivery } from '../delivery.ts';
import { createChannelFold } from '../fold.ts';
import type { Serial, Version } from '../ids.ts';
import type { Operation } from '../operation.ts';
import { decodePosition, encodePosition } from './clock.ts';
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

it('I3 what is told at an earlier position than its own version counts by its version', async () => {
  const engine = createMemoryEngine();
  const channel = createMemoryChannels({ engine, clientId: 'ada' }).channel('c');
  const { head } = await engine.tail('c', () => {});
  const [created] = await channel.publish({ action: 'create', draft: { id: 'm', name: 'n', data: 'a' } });
  const serial = created?.serial ?? ('' as Serial);

  // A tail that stands where the reader left off, behind what catching up reads: engines learn of others' changes late.
  let tell: (event: TailEvent) => void = () => {};
  const behind: Engine = {
    ...engine,
    async tail(_, listener) {
      tell = listener;
      return { head, close: () => {} };
    },
  };
  const deliveries: Delivery[] = [];
  await openEngineSubscription(behind, 'c', (each) => void deliveries.push(each), { from: head });
  await expect.poll(() => deliveries.length).toBe(1);

  // All at once, and as early as they may come: what was told, and what came after it.
  const next = encodePosition(decodePosition(head)?.epoch ?? '', (decodePosition(head)?.tick ?? 0) + 1);
  const before = await engine.message('c', serial);
  await channel.publish({ action: 'update', serial, draft: { data: 'b' } });
  const after = await engine.message('c', serial);
  await channel.publish({ action: 'append', serial, data: 'c', offset: 1 });
  const between = (await engine.message('c', serial))?.version ?? ('' as Version);
  await channel.publish({
    action: 'annotate',
    serial,
    annotation: { action: 'add', id: 'n-1', type: 'likes:total.v1' },
  });
  const summary = (await engine.message('c', serial))?.annotations;
  if (before === undefined || after === undefined || summary === undefined) throw new Error('It is there.');
  tell({ kind: 'message', message: before, position: next });
  tell({ kind: 'message', message: after, position: next });
  tell({ kind: 'annotations', serial, summary, position: next });
  // Text from before the annotation, which came first.
  tell({ kind: 'append', serial, version: between, data: 'c', offset: 1, position: next });
  await expect.poll(() => deliveries.length).toBe(4);
  expect(deliveries.slice(1)).toMatchObject([
    { kind: 'message', message: { data: 'b' } },
    { kind: 'annotations', summary },
    { kind: 'append', data: 'c' },
  ]);
});
