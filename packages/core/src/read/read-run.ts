import type { RunId } from '../ids.ts';
import { SessionError } from '../errors.ts';
import type { Session } from '../session.ts';
import type { Run } from '../snapshot.ts';
import { readBatches } from './batches.ts';
import type { ReadOptions } from './options.ts';

/**
 * A run's answer in a framework's chunks: what is there so far, then live, to the run's end. Nothing is decoded before it is
 * asked for, so a slow reader costs nothing. Ends by returning for `complete` and `suspended`; aborting only detaches.
 *
 * @throws DOMException `AbortError` for a run that was cancelled
 * @throws SessionError `failed` and `lost` for one that came to such an end; `superseded`: text was taken back that the
 * framework can't take back, and the run must be read again; `not_found`; `closed`
 * @throws what the signal was aborted with
 */
export async function* readRun<Chunk>(
  session: Session,
  run: RunId,
  { codec, signal, from }: ReadOptions<Chunk>,
): AsyncGenerator<Chunk, void> {
  const reading = { codec: codec.name, decoder: codec.decoder(from?.content), told: from?.length ?? 0 };
  for await (const { chunks, ended } of readBatches(session, run, reading, signal)) {
    yield* chunks;
    if (ended !== undefined) conclude(ended);
  }
}

function conclude({ status, reason }: Run): void {
  if (status === 'cancelled') throw new DOMException(reason ?? 'The run was cancelled.', 'AbortError');
  if (status === 'error') throw new SessionError('failed', reason ?? 'The run failed.');
  if (status === 'lost') throw new SessionError('lost', reason ?? 'No agent finished the run.');
}
