import { readApproval, type Approval } from '../calls/approval.ts';
import type { Session } from '../session.ts';
import type { Floor, Run } from '../snapshot.ts';

/** What is open in a session: what somebody who joins has to know first. */
export interface Pending {
  /** Somebody wants a person, and none has come yet. */
  readonly asked?: NonNullable<Floor['asked']>;
  /** Questions that no agent has begun; `held` where a person holds the floor. */
  readonly questions: readonly Run[];
  /** Runs that an agent is at. */
  readonly running: readonly Run[];
  /** Decisions that runs wait for, whoever may take them. */
  readonly approvals: readonly Approval[];
}

/** Reads what is open off the loaded history. `now` in milliseconds since 1970. */
export function readPending(session: Session, now = Date.now()): Pending {
  const { runs, floor } = session.snapshot;
  const approvals = runs
    .filter(({ status }) => status === 'active' || status === 'suspended')
    .flatMap(({ id: run, output }) =>
      ((output && session.message(output))?.parts ?? []).flatMap((part) =>
        part.type === 'tool' && part.state === 'asked'
          ? (readApproval(session, { run, callId: part.callId }, now) ?? [])
          : [],
      ),
    );
  return {
    ...(floor.asked && { asked: floor.asked }),
    questions: runs.filter(({ status }) => status === 'queued'),
    running: runs.filter(({ status }) => status === 'active' || status === 'cancelling'),
    approvals: approvals.filter(({ state }) => state === 'open' || state === 'sent'),
  };
}
