import { SessionError } from '../errors.ts';
import type { RunId } from '../ids.ts';
import type { SessionLog } from '../log/session-log.ts';
import type { FeedItem, ReadOptions } from '../session.ts';
import type { Run } from '../snapshot.ts';
import { isEnded } from '../snapshot.ts';
import { readRun } from './reader.ts';
import { untilChange } from '../log/until-change.ts';

/** One run's chunks to its end, which is told by how the iteration ends. See `Session.read`. */
export async function* read<Chunk>(
  log: SessionLog,
  id: RunId,
  options: ReadOptions<Chunk>,
): AsyncGenerator<Chunk, void> {
  for await (const { chunks, ended } of readRun(log, id, options)) {
    yield* chunks;
    if (ended !== undefined) conclude(ended);
  }
}

/** @throws what tells a reader that the run did not end well */
function conclude({ status, reason }: Run): void {
  switch (status) {
    case 'cancelled':
      throw new DOMException(reason ?? 'The run was cancelled.', 'AbortError');
    case 'error':
      throw new SessionError('failed', reason ?? 'The run failed.');
    case 'lost':
      throw new SessionError('lost', reason ?? 'No agent finished the run.');
    default:
  }
}

/** Every run that is not over yet, and every later one, one after the other in the order in which they were asked for. */
export async function* feed<Chunk>(
  log: SessionLog,
  options: ReadOptions<Chunk>,
): AsyncGenerator<FeedItem<Chunk>, void> {
  await log.ready;
  const { projection } = log;
  /** How far each run was told; `over` once nothing more will come. */
  const told = new Map<RunId, number | 'over'>();
  for (const { id, status } of projection.runs) if (isEnded(status)) told.set(id, 'over');
  for (;;) {
    const run = projection.runs.find((each) => hasNews(each, told.get(each.id)));
    if (run === undefined) {
      await untilChange(log, options.signal);
      continue;
    }
    const { id } = run;
    const from = told.get(id);
    const items = readRun(log, id, { ...options, from: typeof from === 'number' ? from : 0 });
    for await (const { chunks, ended } of items) {
      if (ended !== undefined) told.set(id, isEnded(ended.status) ? 'over' : ended.length);
      yield { run: id, chunks, ...(ended !== undefined && { ended: ended.status }) };
    }
  }
}

/** Runs that wait, for their turn or for an answer, hold nobody up. */
function hasNews({ status, length }: Run, told: number | 'over' | undefined): boolean {
  if (told === 'over' || status === 'queued') return false;
  return isEnded(status) || length > (told ?? 0) || (status !== 'suspended' && told === undefined);
}
