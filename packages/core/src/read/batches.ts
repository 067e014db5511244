import type { Decoder } from '@holdfast/codec';
import { abortable } from '../abortable.ts';
import { createBell } from '../bell.ts';
import { closedError, SessionError } from '../errors.ts';
import type { RunId } from '../ids.ts';
import { readTransient } from '../records/transient.ts';
import type { Session } from '../session.ts';
import { isEnded } from '../snapshot.ts';
import type { Run } from '../snapshot.ts';

/** How far one reader has come with one run. */
export interface Reading<Chunk> {
  /** Name of the codec. */
  readonly codec: string;
  readonly decoder: Decoder<Chunk>;
  /** The length of the run's log when it rested last, in UTF-16 code units. */
  readonly told: number;
}

/** Chunks that came together; the last item has none and tells how the run ended, or that it rests. */
export interface Batch<Chunk> {
  readonly chunks: readonly Chunk[];
  readonly ended?: Run;
}

/** A run's answer from where a reading stands, until the run ends or rests. Throws as `readRun`, but for how runs end. */
export async function* readBatches<Chunk>(
  session: Session,
  id: RunId,
  { codec, decoder, told }: Reading<Chunk>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Batch<Chunk>, void> {
  signal?.throwIfAborted();
  await abortable(session.ready, signal);
  const bell = createBell();
  const transients: Chunk[] = [];
  const ring = (): void => bell.ring();
  const stops = [
    session.subscribe(ring),
    session.onSignal((each) => {
      const transient = readTransient(each);
      if (transient?.run !== id || transient.codec !== codec) return;
      transients.push(...(transient.chunks as unknown as readonly Chunk[]));
      ring();
    }),
  ];
  signal?.addEventListener('abort', ring, { once: true });
  try {
    for (;;) {
      signal?.throwIfAborted();
      const run = session.run(id);
      if (run === undefined)
        throw new SessionError('not_found', 'What is loaded of the session has no such run.');
      const message = run.output && session.message(run.output);
      const shown = message === undefined ? [] : decoder.show(message);
      if (shown === undefined)
        throw new SessionError('superseded', 'Text of an earlier step was taken back. Read the run again.');
      const chunks = [...shown, ...transients.splice(0)];
      if (chunks.length > 0) yield { chunks };
      else if (isEnded(run.status) || (run.status === 'suspended' && run.length > told))
        return yield { chunks, ended: run };
      else if (session.snapshot.status === 'closed') throw closedError();
      else await bell.wait();
    }
  } finally {
    for (const stop of stops) stop();
    signal?.removeEventListener('abort', ring);
  }
}
