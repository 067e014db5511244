import type { ColdStore } from '@holdfast/channel/engine';
import { createColdStore } from '../../postgres/src/cold/cold-store.ts';
import { createDatabase } from '../../postgres/src/connection/database.ts';
import type { startCluster } from '@holdfast/testing/postgres-cluster';
import { migrate } from '../../postgres/src/storage/schema.ts';

type Pool = ReturnType<Awaited<ReturnType<typeof startCluster>>['pool']>;

/** A cold store with what the public options leave out. */
export async function openCold(pool: Pool, schema: string, catchUpBytes: number): Promise<ColdStore> {
  const database = createDatabase(pool, 10_000);
  await migrate(database, schema);
  return createColdStore({ database, schema, catchUpBytes });
}
