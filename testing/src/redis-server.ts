import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from './free-port.ts';
import { Redis } from 'ioredis';

/** A Redis of a test's own: a free port, a temporary folder, nothing of the machine's configuration. */
export interface RedisServer {
  readonly port: number;
  readonly url: string;
  /** Ends the process as a crash does. */
  kill(): Promise<void>;
  /** Starts it again with what is on disk. */
  start(): Promise<void>;
  /** Ends it and takes its folder away. */
  close(): Promise<void>;
}

export type RedisSettings = Readonly<Record<string, string>>;

const PROGRAM = process.env.REDIS_SERVER ?? 'redis-server';
const hasProgram = spawnSync(PROGRAM, ['--version']).status === 0;

/**
 * With every write on disk before it is answered, unless the settings say otherwise. Without Redis' program it uses
 * `REDIS_URL`.
 */
export async function startRedis(settings: RedisSettings = {}): Promise<RedisServer> {
  if (!hasProgram) return useServer(process.env.REDIS_URL, settings);
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-redis-'));
  const port = await freePort();
  const all = {
    port: String(port),
    dir: folder,
    save: '',
    appendonly: 'yes',
    appendfsync: 'always',
    'cluster-port': '0',
    ...settings,
  };
  const values = Object.entries(all)
    .filter(([name]) => name !== 'cluster-port' || 'cluster-enabled' in settings)
    .flatMap(([name, value]) => [`--${name}`, value]);
  let server: ChildProcess | undefined;

  const kill = async (): Promise<void> => {
    const ending = server;
    server = undefined;
    if (ending === undefined || ending.exitCode !== null) return;
    const ended = once(ending, 'exit');
    ending.kill('SIGKILL');
    await ended;
  };
  // A run that breaks off leaves no server behind.
  const killNow = (): void => void server?.kill('SIGKILL');
  process.once('exit', killNow);
  const start = async (): Promise<void> => {
    server = spawn(PROGRAM, values, {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await readiness(server);
  };
  await start();
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    kill,
    start,
    async close() {
      process.off('exit', killNow);
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Settings that a server which is there may have otherwise. */
const ANY_WILL_DO = ['appendonly', 'appendfsync', 'save'];
/** Databases of a server as it comes; the first one is the machine's own. */
const DATABASES = 15;

/** An emptied database of a server that is there; what needs other settings, or kills it, can't run on that. */
async function useServer(url: string | undefined, settings: RedisSettings): Promise<RedisServer> {
  if (url === undefined)
    throw new Error(
      'These tests start a Redis of their own. Install it (apt-get install redis-server), or set REDIS_URL.',
    );
  const refuse = async (): Promise<never> => {
    throw new Error('This test needs a server of its own: install Redis.');
  };
  if (Object.keys(settings).some((name) => !ANY_WILL_DO.includes(name))) return refuse();
  const admin = new Redis(url);
  const database = ((await admin.incr('holdfast tests')) % DATABASES) + 1;
  await admin.select(database);
  await admin.flushdb();
  const own = Object.assign(new URL(url), { pathname: `/${database}` });
  return {
    port: Number(own.port || 6379),
    url: own.href,
    kill: refuse,
    start: refuse,
    close: async () => admin.disconnect(),
  };
}

/** Resolves when it accepts connections, and rejects with its last words where it ends before. */
function readiness(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    if (server.stdout === null) throw new Error('The server has no output.');
    const said: string[] = [];
    createInterface(server.stdout).on('line', (line) => {
      if (said.push(line) > 20) said.shift();
      if (line.includes('Ready to accept connections')) resolve();
    });
    server.once('error', reject);
    server.once('exit', () => reject(new Error(`redis-server ended:\n${said.join('\n')}`)));
  });
}
