import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { openDatabase } from '../../src/sqlite/database.ts';
import { checkSchema } from '../../src/sqlite/schema.ts';
import { createSqliteEngine } from '../../src/sqlite/sqlite-engine.ts';
import { write } from '@holdfast/testing/workload';

/** Synchronously, so that what was told is told even if the process ends here; waits where the reader is slow. */
function tell(line: string): void {
  let rest = Buffer.from(line);
  while (rest.length > 0)
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
    }
}

// A process that loads, waits for a line with a path and a round, then writes and tells what was acknowledged.
createInterface(process.stdin).once('line', (line) => {
  const { path, round } = JSON.parse(line) as { readonly path: string; readonly round: number };
  const database = openDatabase(path, checkSchema);
  // Folding the log every few commits lets the kill fall into that too.
  database.exec(`PRAGMA wal_autocheckpoint = ${round % 2 === 0 ? 1000 : 20}`);
  // Each process's clock is a day behind the one before.
  const now = (): number => Date.now() - round * 86_400_000;
  const engine = createSqliteEngine(database, { now });
  void write(engine, round, (acknowledged) => tell(`${JSON.stringify(acknowledged)}\n`));
});
