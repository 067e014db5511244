import { SessionError } from '../errors.ts';
import type { RecordId, RunId } from '../ids.ts';
import type { AgentLog } from './agent-log.ts';
import { isEnded } from '../snapshot.ts';

/** Why the work on a run stops. */
export type Halt =
  /** Somebody cancelled it: its agent has the last word. */
  | { readonly kind: 'cancelled'; readonly reason: string | undefined }
  /** It is not ours any more, or has ended: nothing may be written. */
  | { readonly kind: 'superseded' }
  /** The channel takes nothing more from us. */
  | { readonly kind: 'failed'; readonly error: unknown }
  /** The agent closes, and leaves the run to others. */
  | { readonly kind: 'closing' };

/** What may stop the work on a run that this process has claimed. */
export interface RunWatch {
  /** Aborts when the work has to stop, with a reason for handlers. */
  readonly signal: AbortSignal;
  /** The first reason to stop. */
  readonly halt: Halt | undefined;
  /** Notes a claim of this process. */
  own(claim: RecordId): void;
  stop(halt: Halt): void;
  close(): void;
}

export function watchRun(log: AgentLog, run: RunId, closing: AbortSignal): RunWatch {
  const { projection } = log;
  const claims = new Set<RecordId>();
  const controller = new AbortController();
  let halt: Halt | undefined;

  const stop = (why: Halt): void => {
    if (halt !== undefined) return;
    halt = why;
    controller.abort(haltReason(why));
  };
  const look = (): void => {
    // Before its own claim has come back, a process can't tell whether it has the run.
    if (![...claims].some((id) => projection.record(id) !== undefined)) return;
    const now = projection.run(run);
    const claimant = projection.path(run).at(-1)?.record;
    if (now === undefined || isEnded(now.status) || (claimant !== undefined && !claims.has(claimant)))
      stop({ kind: 'superseded' });
    else if (now.status === 'cancelling') stop({ kind: 'cancelled', reason: now.reason });
  };
  const unsubscribe = log.subscribe((event) => {
    if (event.kind === 'closed') stop({ kind: 'failed', error: event.reason });
    else if (event.kind === 'change' && event.change.runs.has(run)) look();
  });
  const leave = (): void => stop({ kind: 'closing' });
  closing.addEventListener('abort', leave);

  return {
    signal: controller.signal,
    get halt() {
      return halt;
    },
    own(claim) {
      claims.add(claim);
      look();
    },
    stop,
    close() {
      unsubscribe();
      closing.removeEventListener('abort', leave);
    },
  };
}

function haltReason(halt: Halt): Error {
  switch (halt.kind) {
    case 'cancelled':
      return new DOMException(halt.reason ?? 'The run was cancelled.', 'AbortError');
    case 'superseded':
      return new SessionError('superseded', 'The run has ended or was taken over by another process.');
    case 'failed':
      return new SessionError('unavailable', 'The channel takes nothing more of this run.', {
        cause: halt.error,
      });
    case 'closing':
      return new SessionError('closed', 'The agent is closing.');
  }
}
