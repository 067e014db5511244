import { SessionError } from '../errors.ts';
import type { RunId } from '../ids.ts';
import type { Delivery } from '../records.ts';
import type { Sent, Session } from '../session.ts';

/**
 * Asks a question that waits again in its own place, so that it is dealt with sooner: it is the `next` (default), or is given to
 * the running answer (`steer`), stops that answer (`interrupt`), or is answered beside it (`parallel`). It gets a run of its own;
 * where an agent has taken the old one meanwhile, the new one is refused as `late`.
 *
 * @throws SessionError `not_found` for a run that is not loaded, or doesn't wait
 */
export function promote(
  session: Pick<Session, 'run' | 'message' | 'send'>,
  run: RunId,
  delivery: Exclude<Delivery, 'queue' | 'reject'> = 'next',
): Sent {
  const waiting = session.run(run);
  const message = waiting && session.message(waiting.input);
  if (waiting?.status !== 'queued' || message === undefined)
    throw new SessionError('not_found', 'No such run waits in what is loaded of the session.');
  const { parts, metadata } = message;
  return session.send(
    { parts, ...(metadata !== undefined && { metadata }) },
    { replaces: run, delivery, ...(waiting.to !== undefined && { to: waiting.to }) },
  );
}
