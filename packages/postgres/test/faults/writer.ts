import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { write } from '@holdfast/testing/workload';
import { openPostgresEngine } from '../../src/index.ts';

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

// A process that loads, waits for a line with a URL and a round, then writes and tells what was acknowledged.
createInterface(process.stdin).once('line', (line) => {
  const { url, round } = JSON.parse(line) as { readonly url: string; readonly round: number };
  const pool = new pg.Pool({ connectionString: url, max: 4 });
  // Each process's clock is a day behind the one before.
  const now = (): number => Date.now() - round * 86_400_000;
  void openPostgresEngine({ pool, now }).then((engine) =>
    write(engine, round, (acknowledged) => tell(`${JSON.stringify(acknowledged)}\n`)),
  );
});
