import { ArchiveError } from '../archive-error.ts';
import { isEnded } from '@holdfast/core';
import type { MessageId, RecordId, RunId, Session, SessionMessage } from '@holdfast/core';

/** The messages from a conversation's first to `id`, oldest first; loads what it needs of history. */
export async function readLineage(session: Session, id: MessageId): Promise<readonly SessionMessage[]> {
  const lineage: SessionMessage[] = [];
  for (let next: MessageId | null = id; next !== null;) {
    const message = await find(session, next);
    lineage.unshift(message);
    next = message.parent;
  }
  return lineage;
}

async function find(session: Session, id: MessageId): Promise<SessionMessage> {
  for (;;) {
    const message = session.message(id);
    if (message !== undefined) return message;
    if (!(await session.loadOlder()))
      throw new ArchiveError('not_found', `The session has no message ${id}, or not all that it follows.`);
  }
}

/** What of a session is on a branch. */
export interface Branch {
  /** Messages that ask. */
  readonly questions: ReadonlySet<MessageId>;
  /** Runs that answered. */
  readonly answered: ReadonlySet<RunId>;
  /** What was said to these runs while they were under way, and reached them. */
  readonly steers: ReadonlySet<RecordId>;
}

/** @throws ArchiveError `conflict` when an answer on the branch is still being written */
export function branchOf(session: Session, lineage: readonly SessionMessage[]): Branch {
  const questions = new Set<MessageId>();
  const answered = new Set<RunId>();
  const steers = new Set<RecordId>();
  for (const { id, role, run: runId } of lineage) {
    const run = runId === undefined ? undefined : session.run(runId);
    if (role !== 'assistant') questions.add(id);
    else if (run !== undefined) {
      if (!isEnded(run.status))
        throw new ArchiveError('conflict', 'The answer is still being written: fork when it is over.');
      answered.add(run.id);
      for (const { record, outcome } of run.steers) if (outcome === 'delivered') steers.add(record);
    }
  }
  // What agents asked each other for these answers comes along; what is still under way for one goes on in the original alone.
  for (const { id, input, parentRun, status } of session.snapshot.runs)
    if (parentRun !== undefined && answered.has(parentRun) && isEnded(status)) {
      questions.add(input);
      answered.add(id);
    }
  return { questions, answered, steers };
}
