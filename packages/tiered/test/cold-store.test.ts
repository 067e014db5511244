import type { Annotation, Message, Serial } from '@holdfast/channel';
import {
  createMemoryColdStore,
  encodeSerial,
  encodeVersion,
  type ColdStore,
  type Entry,
} from '@holdfast/channel/engine';
import { openPostgresColdStore, openPostgresEngine } from '@holdfast/postgres';
import { openSqliteColdStore, openSqliteEngine } from '@holdfast/server/sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { startCluster } from '@holdfast/testing/postgres-cluster';
import { create } from '@holdfast/testing/acts';
import { temporaryFile } from '../../server/test/sqlite/temporary.ts';

const cluster = await startCluster();
afterAll(() => cluster.close());

let schemas = 0;
const fresh = (): string => `cold_${(schemas += 1)}`;

const STORES: Readonly<Record<string, () => Promise<ColdStore>>> = {
  memory: async () => createMemoryColdStore(),
  SQLite: async () => openSqliteColdStore({ path: temporaryFile() }),
  Postgres: () => openPostgresColdStore({ pool: cluster.pool(), schema: fresh() }),
};

/** Text that databases have trouble with. */
const ODD = '\0\ud83d"\u0001';
const NOW = 1_700_000_000_000 * 1024;

function entry(
  index: number,
  changes: Partial<Message> = {},
  annotations: readonly Annotation[] = [],
): Entry {
  const serial = encodeSerial(NOW + 10 * index);
  const created = encodeVersion(NOW + 10 * index);
  const message: Message = {
    serial,
    version: created,
    id: `${ODD}${index}`,
    name: 'test',
    data: ODD,
    headers: { [ODD]: ODD },
    timestamp: 1_700_000_000_000,
    clientId: ODD,
    claims: { role: 'agent' },
    ...changes,
  };
  const changed = [message.version, message.annotations?.version ?? created].toSorted().at(-1) ?? created;
  const stored = {
    message,
    rewritten: created,
    changed,
    owner: `client:${ODD}`,
    fingerprint: 'f',
    bytes: 100,
  };
  return { stored, annotations };
}

function later(index: number, by: number, data: string): Entry {
  return entry(index, { version: encodeVersion(NOW + 10 * index + by), data });
}

const serialOf = ({ stored }: Entry): Serial => stored.message.serial;
const copyOf = ({ stored }: Entry) => ({ serial: stored.message.serial, changed: stored.changed });

describe.each(Object.entries(STORES))('%s', (_, open) => {
  it('takes messages under the newest fence only, and never goes back to an earlier state', async () => {
    const cold = await open();
    expect(await cold.extent('c')).toEqual({ newest: 0, changed: 0, fence: undefined });
    expect(await cold.put('c', 'one', [entry(1)])).toBeUndefined();
    expect(await cold.claim('c', 'one')).toMatchObject({ newest: 0, changed: 0 });
    const grown = later(1, 5, 'grown');
    expect(await cold.put('c', 'one', [grown, entry(2)])).toEqual([copyOf(grown), copyOf(entry(2))]);
    expect(await cold.claim('c', 'two')).toMatchObject({ newest: NOW + 20, changed: NOW + 20 });
    // Somebody slow, who has read before the second fence was set.
    expect(await cold.put('c', 'one', [later(1, 9, 'from another life'), entry(3)])).toBeUndefined();
    // Somebody slow, under the fence that stands.
    expect(await cold.put('c', 'two', [entry(1)])).toEqual([copyOf(grown)]);
    expect(await cold.load('c', { serials: [serialOf(grown)], ids: [] })).toEqual([grown]);
    expect(
      await cold.copies(
        'c',
        [1, 2, 3].map((index) => serialOf(entry(index))),
      ),
    ).toHaveLength(2);
    expect(await cold.extent('c')).toMatchObject({ fence: 'two', newest: NOW + 20 });
    await cold.close();
  });

  it('gives back what it was given, by serial and by id, whole', async () => {
    const cold = await open();
    const annotation: Annotation = {
      action: 'add',
      id: ODD,
      serial: serialOf(entry(1)),
      version: encodeVersion(NOW + 17),
      type: 'a:total.v1',
      timestamp: 1,
      data: { [ODD]: [ODD] },
    };
    const version = annotation.version;
    const annotated = entry(1, { annotations: { version, types: { 'a:total.v1': { total: 1 } } } }, [
      annotation,
    ]);
    const json = entry(2, { data: { a: [1, null, ODD] }, sealed: true });
    const deleted = entry(3, { data: '', headers: {}, deleted: true });
    await cold.claim(ODD, 'one');
    await cold.put(ODD, 'one', [annotated, json, deleted]);
    await cold.put(ODD, 'one', [annotated]);
    const found = await cold.load(ODD, {
      serials: [serialOf(annotated), serialOf(json), 'no serial' as Serial],
      ids: [`${ODD}1`, `${ODD}3`, 'no id'],
    });
    expect(found.toSorted((a, b) => (serialOf(a) < serialOf(b) ? -1 : 1))).toEqual([
      annotated,
      json,
      deleted,
    ]);
    expect(await cold.message(ODD, serialOf(json))).toEqual(json.stored.message);
    expect(await cold.message('elsewhere', serialOf(json))).toBeUndefined();
    expect(await cold.annotations(ODD, serialOf(json), {})).toEqual({ annotations: [] });
    expect(await cold.annotations(ODD, serialOf(annotated), { limit: 1 })).toEqual({
      annotations: [annotation],
    });
    await expect(cold.annotations(ODD, serialOf(entry(4)), {})).rejects.toMatchObject({ code: 'not_found' });
    const changes = await cold.changesSince(ODD, NOW + 12);
    expect(changes?.map(({ message }) => message)).toEqual(
      [annotated, json, deleted].map(({ stored }) => stored.message),
    );
    expect(await cold.changesSince(ODD, NOW + 30)).toEqual([]);
    const first = await cold.page(ODD, { below: NOW + 30, limit: 1 });
    expect(first).toEqual({ messages: [json.stored.message], next: serialOf(json) });
    expect(await cold.page(ODD, { below: NOW + 20, limit: 1 })).toEqual({
      messages: [annotated.stored.message],
    });
    await cold.close();
  });
});

it('Postgres: sessions that an engine has stored are taken up, and an engine finds what was moved', async () => {
  const schema = fresh();
  const engine = await openPostgresEngine({ pool: cluster.pool(), schema });
  const { serial } = await create(engine, 'c', 'old', 'data');
  const cold = await openPostgresColdStore({ pool: cluster.pool(), schema });
  const [old] = await cold.load('c', { serials: [], ids: ['old'] });
  expect(old).toMatchObject({ stored: { message: { serial, data: 'data' }, owner: 'client:ada' } });
  const { newest } = await cold.claim('c', 'one');
  expect(encodeSerial(newest)).toBe(serial);
  const moved = entry(20_000_000_000_000);
  await cold.put('c', 'one', [moved]);
  expect((await engine.page('c', {})).messages.map(({ id }) => id)).toEqual([`${ODD}20000000000000`, 'old']);
  expect((await create(engine, 'c', 'next')).serial > serialOf(moved)).toBe(true);
  await cold.close();
  await engine.close();
});

it('Postgres: what is older than it keeps need not be given again', async () => {
  const schema = fresh();
  const pool = cluster.pool();
  const cold = await openPostgresColdStore({ pool, schema });
  await pool.query(`UPDATE ${schema}.store SET floor = ${NOW + 15}`);
  await cold.claim('c', 'one');
  const kept = await cold.put('c', 'one', [entry(1), entry(2)]);
  expect(kept?.map(({ serial }) => serial).toSorted()).toEqual([serialOf(entry(1)), serialOf(entry(2))]);
  expect((await cold.page('c', { below: Number.MAX_SAFE_INTEGER, limit: 10 })).messages).toHaveLength(1);
  expect(await cold.changesSince('c', NOW)).toBeUndefined();
  await cold.close();
});

it("SQLite: neither an engine nor a cold store opens the other's file", async () => {
  const [first, second] = [temporaryFile(), temporaryFile()];
  await openSqliteColdStore({ path: first }).close();
  await openSqliteEngine({ path: second }).close();
  expect(() => openSqliteEngine({ path: first })).toThrow(expect.objectContaining({ code: 'invalid' }));
  expect(() => openSqliteColdStore({ path: second })).toThrow(expect.objectContaining({ code: 'invalid' }));
});

it('refuses options that make no sense', async () => {
  const pool = cluster.pool();
  for (const options of [{ schema: 'A' }, { retentionDays: 0 }])
    await expect(openPostgresColdStore({ pool, ...options })).rejects.toThrow(TypeError);
});
