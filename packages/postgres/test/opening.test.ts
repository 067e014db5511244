import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openPostgresEngine } from '../src/index.ts';
import { ada, append, create, datas, receiptOf } from '@holdfast/testing/acts';
import { startCluster } from '@holdfast/testing/postgres-cluster';
import { openEngine } from './open-engine.ts';

const cluster = await startCluster();
afterAll(() => cluster.close());
const admin = cluster.pool();

let schemas = 0;
const fresh = (): string => `opening_${(schemas += 1)}`;

/** What opening an engine meets. */
async function refusal(url: string, schema = fresh()): Promise<unknown> {
  const pool = cluster.pool({ connectionString: url });
  return openPostgresEngine({ pool, schema, retryMs: 200 }).then(
    () => 'it opened',
    (error: unknown) => error,
  );
}

it('creates its tables, by whichever of many processes comes first', async () => {
  const schema = fresh();
  const engines = await Promise.all(
    Array.from({ length: 8 }, () => openPostgresEngine({ pool: cluster.pool({ max: 2 }), schema })),
  );
  await Promise.all(engines.map((engine, index) => create(engine, 'c', `${index}`, 'x')));
  for (const engine of engines) expect((await datas(engine, 'c')).length).toBe(8);
  await Promise.all(engines.map((engine) => engine.close()));
  const { rows } = await admin.query(`SELECT version FROM ${schema}.store`);
  expect(rows).toEqual([{ version: 2 }]);
});

it('needs no right to create anything where nothing is to be created', async () => {
  const schema = fresh();
  await admin.query('CREATE ROLE guest LOGIN');
  const url = cluster.url.replace('holdfast@', 'guest@');
  expect(await refusal(url, schema)).toMatchObject({ name: 'ChannelError', code: 'forbidden' });
  await (await openEngine(cluster.pool(), schema)).close();
  await admin.query(`GRANT USAGE ON SCHEMA ${schema} TO guest`);
  await admin.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO guest`);
  const engine = await openEngine(cluster.pool({ connectionString: url }), schema);
  await create(engine, 'c', 'one', 'x');
  await engine.close();
});

it('a server that is not there is unavailable, after it was tried again', async () => {
  const began = performance.now();
  expect(await refusal('postgres://holdfast@127.0.0.1:1/postgres')).toMatchObject({
    code: 'unavailable',
    retryable: true,
    message: expect.stringContaining('cannot be reached'),
  });
  expect(performance.now() - began).toBeGreaterThan(100);
});

it('a wrong password is unauthenticated, and a database that is not there invalid', async () => {
  await admin.query(`CREATE ROLE guarded LOGIN PASSWORD 'right'`);
  const rules = join(cluster.folder, 'data', 'pg_hba.conf');
  const before = readFileSync(rules, 'utf8');
  writeFileSync(rules, 'host all guarded 127.0.0.1/32 scram-sha-256\n');
  appendFileSync(rules, before);
  await admin.query('SELECT pg_reload_conf()');
  const url = cluster.url.replace('holdfast@', 'guarded:wrong@');
  expect(await refusal(url)).toMatchObject({ code: 'unauthenticated', retryable: false });
  expect(await refusal(cluster.url.replace('/postgres', '/nowhere'))).toMatchObject({
    code: 'invalid',
    path: 'pool',
  });
});

it('a schema that a newer version made is refused', async () => {
  const schema = fresh();
  await (await openEngine(cluster.pool(), schema)).close();
  await admin.query(`UPDATE ${schema}.store SET version = 1000`);
  expect(await refusal(cluster.url, schema)).toMatchObject({
    code: 'unsupported',
    message: expect.stringContaining('1000'),
  });
});

it('options that make no sense are a TypeError', async () => {
  const pool = cluster.pool({ max: 1 });
  await expect(openPostgresEngine({ pool })).rejects.toBeInstanceOf(TypeError);
  await expect(openPostgresEngine({ pool: admin, schema: 'x; DROP' })).rejects.toBeInstanceOf(TypeError);
  await expect(openPostgresEngine({ pool: admin, retentionDays: 0 })).rejects.toBeInstanceOf(TypeError);
});

it('I9 a read-only server refuses what would be stored, answers what is asked, and is written to again', async () => {
  const schema = fresh();
  await admin.query('CREATE ROLE fickle LOGIN SUPERUSER');
  const connectionString = cluster.url.replace('holdfast@', 'fickle@');
  // A connection for each use: what is set for the role holds from the next one on.
  const engine = await openEngine(cluster.pool({ connectionString, maxUses: 1 }), schema);
  const { serial } = await create(engine, 'c', 'one', 'x');
  await admin.query('ALTER ROLE fickle SET default_transaction_read_only = on');
  await expect(engine.commit('c', ada, [append(serial, 1, 'y')])).rejects.toMatchObject({
    code: 'unavailable',
    retryable: true,
    message: expect.stringContaining('read-only'),
  });
  expect(await datas(engine, 'c')).toEqual(['x']);
  await admin.query('ALTER ROLE fickle SET default_transaction_read_only = off');
  receiptOf(await engine.commit('c', ada, [append(serial, 1, 'y')]));
  expect(await datas(engine, 'c')).toEqual(['xy']);
  await engine.close();
});

it('I9 a disk that Postgres says is full refuses with storage_full, loses nothing, and goes on', async () => {
  const schema = fresh();
  const engine = await openEngine(cluster.pool(), schema);
  const { serial } = await create(engine, 'c', 'one', 'x');
  const told: unknown[] = [];
  await engine.tail('c', (event) => told.push(event));
  await admin.query(`CREATE FUNCTION ${schema}.refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$`);
  await admin.query(
    `CREATE TRIGGER refuse BEFORE INSERT ON ${schema}.appends FOR EACH ROW EXECUTE FUNCTION ${schema}.refuse()`,
  );
  const full = { name: 'ChannelError', code: 'storage_full', retryable: true };
  const refused = await Promise.allSettled([
    engine.commit('c', ada, [append(serial, 1, 'y')]),
    engine.commit('c', ada, [append(serial, 2, 'z')]),
  ]);
  expect(refused).toMatchObject([{ reason: full }, { reason: full }]);
  expect(told).toEqual([]);
  expect(await datas(engine, 'c')).toEqual(['x']);
  await admin.query(`DROP TRIGGER refuse ON ${schema}.appends`);
  receiptOf(await engine.commit('c', ada, [append(serial, 1, 'y')]));
  expect(await datas(engine, 'c')).toEqual(['xy']);
  await engine.close();
});

it('I9 a fault of one call is its own: others of its transaction are stored', async () => {
  const engine = await openEngine(cluster.pool(), fresh());
  const { serial } = await create(engine, 'c', 'one');
  const other = await create(engine, 'd', 'one');
  const results = await Promise.allSettled([
    engine.commit('c', ada, [append(serial, 0, 'a')]),
    engine.commit('c', ada, [
      {
        action: 'annotate',
        serial,
        annotation: { action: 'add', id: 'a', type: 'a:total.v1', data: 1n as never },
      },
    ]),
    engine.commit('d', ada, [append(other.serial, 0, 'a')]),
    engine.commit('c', ada, [append(serial, 1, 'b')]),
  ]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
  expect(await datas(engine, 'c')).toEqual(['ab']);
  await engine.close();
});

it('after close everything is refused as closed', async () => {
  const engine = await openEngine(cluster.pool(), fresh());
  const waiting = create(engine, 'c', 'one');
  await engine.close();
  const { serial } = await waiting;
  const draft = { id: 'two', name: 'test', data: '' };
  for (const late of [
    engine.commit('c', ada, [{ action: 'create', draft }]),
    engine.signal('c', ada, draft),
    engine.tail('c', () => {}),
    engine.changesSince('c', 'x' as never),
    engine.message('c', serial),
    engine.page('c', {}),
    engine.annotations('c', serial, {}),
    engine.enter('c', { memberId: 'm', data: null }),
    engine.leave('c', 'm'),
    engine.renew('m'),
    engine.members('c'),
    engine.publishIn(admin, 'c', ada, [{ action: 'create', draft }]),
  ])
    await expect(late).rejects.toMatchObject({ name: 'ChannelError', code: 'closed' });
});
