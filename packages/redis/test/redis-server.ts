import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

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

/** With every write on disk before it is answered, unless the settings say otherwise. */
export async function startRedis(settings: RedisSettings = {}): Promise<RedisServer> {
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
    server = spawn(process.env.REDIS_SERVER ?? 'redis-server', values, {
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

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
