import { execFileSync, spawn, spawnSync, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import pg from 'pg';
import { freePort } from './free-port.ts';

const { Pool } = pg;

/** A Postgres server of a test file's own. */
export interface Cluster {
  readonly folder: string;
  /** A pool of connections to it, ended with the cluster. */
  pool(options?: pg.PoolConfig): pg.Pool;
  readonly url: string;
  start(): Promise<void>;
  /** `immediate` is a crash: nothing is written any more. */
  stop(mode: 'fast' | 'immediate'): Promise<void>;
  close(): Promise<void>;
}

export interface ClusterOptions {
  /** Server settings beside those of a small and quick server, which outlives its processes but no loss of power. */
  readonly settings?: Readonly<Record<string, string>>;
}

type Keeper = ChildProcessByStdio<Writable, null, Readable>;

/** Runs the server until it ends, is told a signal for it, or the test's process is gone, however that ended. */
const KEEPER =
  'exec 3<&0; "$0" "$@" 3<&- & p=$!; { read -r signal <&3; kill -"${signal:-QUIT}" $p; } 2>/dev/null & wait $p';

/** The free port that was found may be another one's by the time when the server takes it. */
const ATTEMPTS = 3;

/** Starts a server on a free port, in a folder that is gone with it. Without Postgres' programs it uses `POSTGRES_URL`. */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  for (let attempt = 1; ; attempt += 1)
    try {
      return await openCluster(options);
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    }
}

async function openCluster({ settings = {} }: ClusterOptions): Promise<Cluster> {
  const bin = findPrograms();
  if (bin === undefined) return useServer(process.env['POSTGRES_URL']);
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-postgres-'));
  // Postgres refuses to run as root.
  const user = process.getuid?.() === 0 ? postgresUser() : undefined;
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const made = spawnSync(
    join(bin, 'initdb'),
    ['-D', data, '-N', '-A', 'trust', '-U', 'holdfast', '-E', 'UTF8', '--locale=C'],
    { ...user, cwd: folder, encoding: 'utf8' },
  );
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);
  const port = await freePort();
  const url = `postgres://holdfast@127.0.0.1:${port}/postgres`;
  const all = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: folder,
    fsync: 'off',
    shared_buffers: '64MB',
    max_connections: '100',
    ...settings,
  };
  const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const pools: pg.Pool[] = [];
  let server: Keeper | undefined;

  const cluster: Cluster = {
    folder,
    url,
    pool(options = {}) {
      const pool = new Pool({ connectionString: url, max: 8, ...options });
      pool.on('error', () => {});
      pools.push(pool);
      return pool;
    },
    async start() {
      server = spawn('/bin/sh', ['-c', KEEPER, join(bin, 'postgres'), '-D', data, ...flags], {
        ...user,
        cwd: folder,
        stdio: ['pipe', 'ignore', 'pipe'],
      });
      await ready(server);
    },
    async stop(mode) {
      if (server === undefined) return;
      const ended = once(server, 'exit');
      server.stdin.end(mode === 'fast' ? 'INT\n' : 'QUIT\n');
      await ended;
      server = undefined;
    },
    async close() {
      await cluster.stop('immediate');
      for (const pool of pools) if (!pool.ending) await pool.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await cluster.start();
  return cluster;
}

/** A database of its own on a server that is there; what starts and stops servers can't run on it. */
async function useServer(server: string | undefined): Promise<Cluster> {
  if (server === undefined)
    throw new Error(
      'These tests start a Postgres of their own. Install it (apt-get install postgresql), or set POSTGRES_URL.',
    );
  const name = `holdfast_${process.pid}_${Date.now()}`;
  const admin = new Pool({ connectionString: server, max: 1 });
  await admin.query(`CREATE DATABASE ${name}`);
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
  const refuse = async (): Promise<never> => {
    throw new Error('This test needs a server of its own: install Postgres.');
  };
  return {
    folder: '',
    url,
    pool: (options = {}) => new Pool({ connectionString: url, max: 8, ...options }),
    start: refuse,
    stop: refuse,
    async close() {
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await admin.end();
    },
  };
}

/** A pool of a test's own process. */
export function createPool(url: string): pg.Pool {
  return new Pool({ connectionString: url, max: 4 });
}

function findPrograms(): string | undefined {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).toSorted((a, b) => Number(b) - Number(a)) : [];
  return versions.map((version) => join(root, version, 'bin')).find((bin) => existsSync(join(bin, 'initdb')));
}

function postgresUser(): { readonly uid: number; readonly gid: number } {
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** Resolves when the server takes connections. */
async function ready(server: Keeper): Promise<void> {
  let log = '';
  await new Promise<void>((resolve, reject) => {
    server.once('exit', () => reject(new Error(`Postgres ended: ${log}`)));
    server.stderr.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-10_000);
      if (log.includes('ready to accept connections')) resolve();
    });
  });
}
