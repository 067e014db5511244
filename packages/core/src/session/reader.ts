import type { Decoder } from '@holdfast/codec';
import { abortable } from '../abortable.ts';
import { createBell } from '../bell.ts';
import { closedError, SessionError } from '../errors.ts';
import type { RunId } from '../ids.ts';
import type { SessionLog } from '../log/session-log.ts';
import { headOf } from '../records/answer-id.ts';
import { readTransient } from '../records/transient.ts';
import type { ReadOptions } from '../session.ts';
import type { Run } from '../snapshot.ts';
import { isEnded } from '../snapshot.ts';
import { createRunTape } from './run-tape.ts';

/** A batch of chunks; the last item is empty and tells how the run ended, or that it rests. */
export interface ReadItem<Chunk> {
  readonly chunks: readonly Chunk[];
  readonly ended?: Run;
}

/**
 * A run's answer as chunks, in batches: first what stands, then what comes, until the run ends or rests. Nothing is decoded before it is asked for, so a reader that is slow costs a string and no more.
 *
 * @throws SessionError `superseded`: text was taken back that the framework can't take back; `not_found`; `closed`
 */
export async function* readRun<Chunk>(
  log: SessionLog,
  id: RunId,
  { codec, signal, from = 0 }: ReadOptions<Chunk>,
): AsyncGenerator<ReadItem<Chunk>, void> {
  signal?.throwIfAborted();
  const bell = createBell();
  const transients: Chunk[] = [];
  const decoder = codec.decoder();
  await abortable(log.ready, signal);
  const head = headOf(id);
  let isBegun = false;
  const tape = createRunTape(id, log.projection.text(id));
  const stop = log.subscribe((event) => {
    if (event.kind === 'change') tape.note(event.change);
    else if (event.kind === 'signal') {
      const transient = readTransient(event.signal);
      if (transient?.run !== id || transient.codec !== codec.name) return;
      transients.push(...(transient.chunks as unknown as readonly Chunk[]));
    }
    bell.ring();
  });
  const ring = (): void => bell.ring();
  signal?.addEventListener('abort', ring, { once: true });
  try {
    for (;;) {
      signal?.throwIfAborted();
      const past = tape.taken;
      const { rewind, text } = tape.take();
      const hidden = Math.max(0, from - (rewind ?? past));
      const chunks: Chunk[] = [];
      if (rewind !== undefined) chunks.push(...takeBack(decoder, head.length + rewind));
      if (text !== '') {
        const more = isBegun ? text : head + text;
        chunks.push(...decode(decoder, more, hidden > 0 ? hidden + more.length - text.length : 0));
        isBegun = true;
      }
      chunks.push(...transients.splice(0));
      if (chunks.length > 0) {
        yield { chunks };
        continue;
      }
      const run = log.projection.run(id);
      if (run === undefined)
        throw new SessionError('not_found', 'What is loaded of the session has no such run.');
      if (isEnded(run.status) || (run.status === 'suspended' && run.length > from)) {
        yield { chunks, ended: run };
        return;
      }
      if (!log.isOpen) throw closedError();
      await bell.wait();
    }
  } finally {
    stop();
    signal?.removeEventListener('abort', ring);
  }
}

/** @throws SessionError `superseded` */
function takeBack<Chunk>(decoder: Decoder<Chunk>, length: number): readonly Chunk[] {
  const back = decoder.rewind(length);
  if (back === undefined)
    throw new SessionError('superseded', 'Text of an earlier step was taken back. Read the run again.');
  return back;
}

/** The chunks of `text`, without those of its first `hidden` code units, which the reader has seen before. */
function decode<Chunk>(decoder: Decoder<Chunk>, text: string, hidden: number): readonly Chunk[] {
  if (hidden > 0) decoder.push(text.slice(0, hidden));
  return text.length > hidden ? decoder.push(text.slice(hidden)) : [];
}
