import { abortable } from '../abortable.ts';
import { createBell } from '../bell.ts';
import { closedError } from '../errors.ts';
import type { RunId } from '../ids.ts';
import type { Session } from '../session.ts';
import { isEnded } from '../snapshot.ts';
import type { Run } from '../snapshot.ts';
import { readBatches, type Reading } from './batches.ts';
import type { ReadOptions } from './options.ts';

export interface FeedItem<Chunk> {
  readonly run: RunId;
  readonly chunks: readonly Chunk[];
  readonly ended?: Run['status'];
}

/**
 * Every run that is not over yet, and every later one, in one lane: one after the other in the order in which they were
 * asked for, each to its end or until it rests. What agents ask each other while they answer is no turn of the conversation:
 * `readRun` reads that.
 *
 * @throws SessionError `superseded`, `closed`
 * @throws what the signal was aborted with
 */
export async function* feedRuns<Chunk>(
  session: Session,
  { codec, signal }: Omit<ReadOptions<Chunk>, 'from'>,
): AsyncGenerator<FeedItem<Chunk>, void> {
  await abortable(session.ready, signal);
  const bell = createBell();
  const stop = session.subscribe(() => bell.ring());
  /** `over` once nothing more will come. */
  const readings = new Map<RunId, Reading<Chunk> | 'over'>();
  for (const { id, status } of session.snapshot.runs) if (isEnded(status)) readings.set(id, 'over');
  try {
    for (;;) {
      const { runs, status } = session.snapshot;
      const run = runs.find((each) => hasNews(each, readings.get(each.id)));
      if (run === undefined) {
        if (status === 'closed') throw closedError();
        await abortable(bell.wait(), signal);
        continue;
      }
      const known = readings.get(run.id);
      const reading =
        known === undefined || known === 'over'
          ? { codec: codec.name, decoder: codec.decoder(), told: 0 }
          : known;
      for await (const { chunks, ended } of readBatches(session, run.id, reading, signal)) {
        if (ended !== undefined)
          readings.set(run.id, isEnded(ended.status) ? 'over' : { ...reading, told: ended.length });
        yield { run: run.id, chunks, ...(ended !== undefined && { ended: ended.status }) };
      }
    }
  } finally {
    stop();
  }
}

/** Runs that wait, for their turn or for an answer, hold nobody up. */
function hasNews(
  { status, length, parentRun }: Run,
  reading: Reading<unknown> | 'over' | undefined,
): boolean {
  if (reading === 'over' || status === 'queued' || parentRun !== undefined) return false;
  return (
    isEnded(status) || length > (reading?.told ?? 0) || (status !== 'suspended' && reading === undefined)
  );
}
