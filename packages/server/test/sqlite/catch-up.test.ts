import { createEngineChannels } from '@holdfast/channel/engine';
import type { Delivery } from '@holdfast/channel';
import { expect, it } from 'vitest';
import { openDatabase } from '../../src/sqlite/database.ts';
import { checkSchema } from '../../src/sqlite/schema.ts';
import { createSqliteEngine } from '../../src/sqlite/sqlite-engine.ts';
import { openSqliteEngine } from '../../src/sqlite.ts';
import { create } from '@holdfast/testing/acts';
import { temporaryFile } from './temporary.ts';

it('I4 more than it reads at once to catch up is a gap, and history has it', async () => {
  const engine = createSqliteEngine(openDatabase(temporaryFile(), checkSchema), { catchUpBytes: 20_000 });
  const channel = createEngineChannels(engine).channel('c');
  const subscription = await channel.subscribe(() => {});
  await create(engine, 'c', 'one', 'x'.repeat(10_000));
  expect(await engine.changesSince('c', subscription.start)).toMatchObject({ changed: [{}] });
  await create(engine, 'c', 'two', 'x'.repeat(10_000));
  expect(await engine.changesSince('c', subscription.start)).toBeUndefined();
  const deliveries: Delivery[] = [];
  await channel.subscribe((delivery) => deliveries.push(delivery), { from: subscription.start });
  expect(deliveries).toMatchObject([{ kind: 'gap' }]);
  const [gap] = deliveries;
  const { messages } = await channel.history(gap?.kind === 'gap' ? { until: gap.position } : {});
  expect(messages.map(({ id }) => id)).toEqual(['two', 'one']);
  await engine.close();
});

it('a cursor that no page gave is refused', async () => {
  const engine = openSqliteEngine({ path: ':memory:' });
  const { serial } = await create(engine, 'c', 'one');
  const refusal = { code: 'invalid', path: 'query.cursor' };
  await expect(engine.page('c', { cursor: 'x' as never })).rejects.toMatchObject(refusal);
  await expect(engine.annotations('c', serial, { cursor: 'x' as never })).rejects.toMatchObject(refusal);
  await engine.close();
});

it('annotations of a message that is not there are refused, those of another channel too', async () => {
  const engine = openSqliteEngine({ path: ':memory:' });
  const { serial } = await create(engine, 'c', 'one');
  expect(await engine.annotations('c', serial, {})).toEqual({ annotations: [] });
  await expect(engine.annotations('d', serial, {})).rejects.toMatchObject({ code: 'not_found' });
  expect(await engine.message('d', serial)).toBeUndefined();
  await engine.close();
});
