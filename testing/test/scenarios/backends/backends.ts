import { openAbly } from './ably.ts';
import type { Backend } from './backend.ts';
import { openRedis, openSqlite } from './gateway.ts';
import { openMemory } from './memory.ts';

/** What every scenario runs on. */
export const BACKENDS: Readonly<Record<string, () => Promise<Backend>>> = {
  memory: openMemory,
  'a gateway over SQLite': openSqlite,
  'a gateway over Redis': openRedis,
  'Ably (the emulator)': openAbly,
};
