import type { Delivery } from '@holdfast/channel';
import { createEngineChannels, type Engine, type TailEvent } from '@holdfast/channel/engine';
import { Redis } from 'ioredis';
import { expect, it, onTestFinished } from 'vitest';
import { createRedisEngine } from '../src/index.ts';
import { ada, append, create, idsOf, receiptOf } from '@holdfast/testing/acts';
import { connect, LIBRARIES } from './clients.ts';
import { startRedis } from '@holdfast/testing/redis-server';

/** A Redis that keeps what was there when it was last told to, as a replica that lags behind does. */
async function openForgetful(library: string) {
  const server = await startRedis({ appendonly: 'no' });
  const connection = await connect(library, server.url);
  const admin = new Redis(server.url, { retryStrategy: () => 20 });
  admin.on('error', () => {});
  const engines: Engine[] = [];
  const open = (): Engine => {
    const engine = createRedisEngine({ client: connection.client, headCheckMs: 60_000 });
    engines.push(engine);
    return engine;
  };
  onTestFinished(async () => {
    for (const engine of engines) await engine.close();
    connection.close();
    admin.disconnect();
    await server.close();
  });
  return {
    open,
    keep: (): Promise<unknown> => admin.save(),
    rollBack: async (): Promise<void> => {
      await server.kill();
      await server.start();
    },
  };
}

for (const library of Object.keys(LIBRARIES)) {
  it(`P28 ${library}: a rollback shows as a gap to who follows and to who comes back, and no serial is issued again`, async () => {
    const { open, keep, rollBack } = await openForgetful(library);
    const engine = open();
    const channel = createEngineChannels(engine, { clientId: 'ada' }).channel('c');
    const kept = await create(engine, 'c', 'kept', 'a');
    await keep();

    const deliveries: Delivery[] = [];
    let wake = (): void => {};
    const { start } = await channel.subscribe((delivery) => {
      deliveries.push(delivery);
      wake();
    });
    const lost = await create(engine, 'c', 'lost', 'b');
    const grown = receiptOf(await engine.commit('c', ada, [append(kept.serial, 1, 'b')]));
    while (deliveries.length < 2) await new Promise<void>((resolve) => (wake = resolve));

    await rollBack();
    while (!deliveries.some(({ kind }) => kind === 'gap'))
      await new Promise<void>((resolve) => (wake = resolve));
    expect(await idsOf(engine, 'c')).toEqual(['kept']);
    expect(await engine.changesSince('c', start)).toBeUndefined();

    // What an unsuspecting writer does next.
    const [refused] = await engine.commit('c', ada, [append(kept.serial, 2, 'c')]);
    expect(refused).toMatchObject({ ok: false, error: { code: 'conflict' } });
    const next = await create(engine, 'c', 'next');
    const highest =
      [kept, lost, grown]
        .map(({ version }) => version)
        .toSorted()
        .at(-1) ?? '';
    expect(next.serial > highest).toBe(true);
    // Where the reader stands now is good again.
    const gap = deliveries.findLast(({ kind }) => kind === 'gap');
    const position = gap?.kind === 'gap' ? gap.position : start;
    expect(await engine.changesSince('c', position)).toMatchObject({
      changed: [{ message: { id: 'next' } }],
    });
  });
}

it('a session that nobody touched between two turns of the server keeps its epoch once it is known', async () => {
  const { open, keep, rollBack } = await openForgetful('ioredis');
  const engine = open();
  await create(engine, 'c', 'one');
  await keep();
  await rollBack();
  const events: TailEvent[] = [];
  const { head } = await engine.tail('c', (event) => events.push(event));
  // Another process that has never asked, and one that has.
  for (const each of [open(), engine]) {
    await create(each, 'c', `by ${events.length}`);
    expect(await each.changesSince('c', head)).toBeDefined();
  }
});
