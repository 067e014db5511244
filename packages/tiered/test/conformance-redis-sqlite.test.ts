import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeChannel } from '@holdfast/conformance/channel';
import { afterAll } from 'vitest';
import { createColdStore } from '../../server/src/cold/cold-store.ts';
import { COLD_SCHEMA } from '../../server/src/cold/schema.ts';
import { openDatabase } from '../../server/src/sqlite/database.ts';
import { startRedis } from '@holdfast/testing/redis-server';
import { CATCH_UP_BYTES, openRedisAnd } from './redis-and.ts';

const server = await startRedis();
const folder = mkdtempSync(join(tmpdir(), 'holdfast-tiered-'));
const open = () =>
  createColdStore({
    database: openDatabase(join(folder, 'cold.db'), COLD_SCHEMA.check),
    catchUpBytes: CATCH_UP_BYTES,
  });
let cold = open();
afterAll(async () => {
  await cold.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

describeChannel({
  name: 'redis and sqlite, moved all the time',
  scale: 0.3,
  open: async () =>
    openRedisAnd({
      server,
      library: 'redis',
      cold: () => cold,
      async restart() {
        await cold.close();
        cold = open();
      },
    }),
});
