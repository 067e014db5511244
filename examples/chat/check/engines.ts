import { join } from 'node:path';
import { startRedis } from '@holdfast/testing/redis-server';

/** Where a check's server keeps its sessions. */
export interface PreparedEngine {
  readonly label: string;
  /** What tells the server. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** @param folder is the check's own, for files */
export type PrepareEngine = (folder: string) => Promise<PreparedEngine>;

export const ENGINES: Readonly<Record<string, PrepareEngine>> = {
  sqlite: (folder) =>
    Promise.resolve({
      label: 'SQLite',
      env: { DB: join(folder, 'chat.db'), REDIS_URL: '' },
      close: () => Promise.resolve(),
    }),
  redis: prepareRedis,
};

/** On disk within a second; a Redis that is killed starts again with what it had. */
export async function prepareRedis(): Promise<PreparedEngine> {
  const server = await startRedis({ appendfsync: 'everysec' });
  return { label: 'Redis', env: { REDIS_URL: server.url }, close: () => server.close() };
}
