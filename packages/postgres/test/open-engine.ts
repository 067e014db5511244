import type { Pool } from 'pg';
import { createDatabase } from '../src/connection/database.ts';
import type { EngineOptions, PostgresEngine } from '../src/port.ts';
import { createPostgresEngine } from '../src/postgres-engine.ts';
import { migrate } from '../src/storage/schema.ts';

/** An engine with what the public options leave out; closing it ends its pool. */
export async function openEngine(
  pool: Pool,
  schema: string,
  options: EngineOptions = {},
): Promise<PostgresEngine> {
  const database = createDatabase(pool, options.retryMs ?? 10_000);
  await migrate(database, schema);
  const engine = createPostgresEngine(database, schema, options);
  return {
    ...engine,
    async close() {
      await engine.close();
      if (!pool.ending) await pool.end();
    },
  };
}
