import { readFile } from 'node:fs/promises';
import { drizzle } from 'drizzle-orm/node-postgres';
import Libsql from 'libsql';
import { afterAll, describe, expect, test } from 'vitest';
import { startCluster } from '@holdfast/testing/postgres-cluster';
import { archiveRoute, createHttpArchive } from '../src/http.ts';
import { createMemoryArchive, type Archive, type ArchivedMessage } from '../src/index.ts';
import { openPostgresArchive } from '../src/postgres.ts';
import { createSqliteArchive } from '../src/sqlite.ts';
import { createDrizzleArchive } from './drizzle-archive.ts';
import { entry } from './scene.ts';
import { serveRoute } from './serve-route.ts';

const cluster = await startCluster();
afterAll(() => cluster.close());

/** Over HTTP it can only be read: it is written beside. */
async function overHttp(): Promise<Archive> {
  const archive = createMemoryArchive();
  const route = archiveRoute({
    archive,
    session: (request) => decodeURIComponent(new URL(request.url).pathname.slice(1)),
  });
  const { url, close } = await serveRoute(route);
  afterAll(close);
  const reader = createHttpArchive({ url: (session) => `${url}/${encodeURIComponent(session)}` });
  return { ...archive, ...reader };
}

async function overDrizzle(): Promise<Archive> {
  const pool = cluster.pool();
  await pool.query(`CREATE TABLE IF NOT EXISTS archived_messages (
    session text COLLATE "C" NOT NULL, serial text COLLATE "C" NOT NULL, version text COLLATE "C" NOT NULL,
    entry text NOT NULL, PRIMARY KEY (session, serial))`);
  return createDrizzleArchive(drizzle(pool));
}

const STORES: Readonly<Record<string, () => Promise<Archive>>> = {
  memory: async () => createMemoryArchive(),
  SQLite: async () => createSqliteArchive(new Libsql(':memory:')),
  Postgres: () => openPostgresArchive(cluster.pool()),
  'Drizzle, as the README has it': overDrizzle,
  'HTTP over memory': overHttp,
};

const serials = (entries: readonly ArchivedMessage[]): readonly string[] =>
  entries.map(({ message }) => message.serial);

describe.each(Object.entries(STORES))('%s', (_, open) => {
  test('pages go from the newest to the oldest, each message once', async () => {
    const archive = await open();
    const all = Array.from({ length: 25 }, (_each, n) => entry(n + 1));
    await archive.save('paged', all.slice(10));
    await archive.save('paged', all.slice(0, 10));
    await archive.save('other', [entry(99)]);
    const found: string[] = [];
    let next: ArchivedMessage['message']['serial'] | undefined;
    do {
      const page = await archive.read('paged', { limit: 10, ...(next !== undefined && { below: next }) });
      found.push(...serials(page.entries));
      next = page.next;
    } while (next !== undefined);
    expect(found).toEqual(serials(all).toReversed());
    expect(serials((await archive.read('paged')).entries)).toHaveLength(25);
    expect(await archive.read('nobody')).toEqual({ entries: [] });
  });

  test('of one message the highest version stays, in whatever order they come', async () => {
    const archive = await open();
    await archive.save('versions', [entry(1, 5, 'new'), entry(1, 4, 'old'), entry(2, 2, 'first')]);
    await archive.save('versions', [entry(1, 3, 'older'), entry(2, 7, 'second')]);
    expect((await archive.read('versions')).entries.map(({ message }) => message.data)).toEqual([
      'second',
      'new',
    ]);
    expect((await archive.find('versions', entry(1).message.serial))?.message.data).toBe('new');
    expect(await archive.find('versions', entry(3).message.serial)).toBeUndefined();
  });

  test('what is saved comes back as it was', async () => {
    const archive = await open();
    const oddities = [
      '',
      '\u0000',
      '\u001e',
      '\u2028',
      '😀',
      '\ud800',
      0,
      false,
      null,
      { deep: [{ '\u0000': '\udfff' }] },
    ];
    const all = oddities.map((data, n) => entry(n + 1, n + 1, data));
    await archive.save('odd', all);
    expect((await archive.read('odd')).entries).toEqual(all.toReversed());
  });

  test('a session that is removed is gone, and only that one', async () => {
    const archive = await open();
    await archive.save('gone', [entry(1)]);
    await archive.save('kept', [entry(1)]);
    await archive.remove('gone');
    expect((await archive.read('gone')).entries).toEqual([]);
    expect((await archive.read('kept')).entries).toHaveLength(1);
  });

  test.each([0, 1001, 1.5, -1])('a limit of %d is refused', async (limit) => {
    const archive = await open();
    await expect(archive.read('limits', { limit })).rejects.toThrow();
  });
});

test('a Postgres archive is opened by several processes at once, and refuses what is no table name', async () => {
  const pools = Array.from({ length: 4 }, () => cluster.pool());
  const archives = await Promise.all(pools.map((pool) => openPostgresArchive(pool, { table: 'race' })));
  await Promise.all(archives.map((archive, n) => archive.save('raced', [entry(n + 1)])));
  expect((await archives[0]?.read('raced'))?.entries).toHaveLength(4);
  await expect(openPostgresArchive(cluster.pool(), { table: 'x; drop table y' })).rejects.toThrow(TypeError);
  expect(() => createSqliteArchive(new Libsql(':memory:'), { table: 'X y' })).toThrow(TypeError);
});

describe('over HTTP', () => {
  const answer =
    (status: number, body = '{}'): typeof fetch =>
    async () =>
      new Response(body, { status });
  const reading = (fetch: typeof globalThis.fetch): Promise<unknown> =>
    createHttpArchive({ url: () => 'http://archive/', fetch }).read('x');

  test.each([
    [401, 'forbidden'],
    [403, 'forbidden'],
    [500, 'unavailable'],
    [200, 'unavailable'],
  ])('an answer with status %d and nothing of use is %s', async (status, code) => {
    await expect(reading(answer(status))).rejects.toMatchObject({ name: 'ArchiveError', code });
  });

  test('no answer is unavailable', async () => {
    await expect(reading(() => Promise.reject(new TypeError('failed')))).rejects.toMatchObject({
      code: 'unavailable',
    });
    await expect(reading(answer(200, '<html>'))).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('the route lets nobody in whom it does not know, and only reads', async () => {
    const route = archiveRoute({ archive: createMemoryArchive(), session: () => undefined });
    expect((await route(new Request('http://archive/x'))).status).toBe(403);
    expect((await route(new Request('http://archive/x', { method: 'POST' }))).status).toBe(405);
  });
});

test('the README shows the archive over Drizzle as it is tested here', async () => {
  const source = await readFile(new URL('./drizzle-archive.ts', import.meta.url), 'utf8');
  const [, example] = /\/\/ example\n(.*?)\/\/ end\n/s.exec(source) ?? [];
  expect(await readFile(new URL('../README.md', import.meta.url), 'utf8')).toContain(
    `\`\`\`ts\n${example}\`\`\`\n`,
  );
});
