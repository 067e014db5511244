import type { ContentMessage } from '@holdfast/codec';
import type { AgentLog } from './agent-log.ts';
import { answerIdOf } from '../records/answer-id.ts';
import type { MessageId } from '../ids.ts';
import type { Run } from '../snapshot.ts';

/** The branch that a run answers, oldest first, then what there is of its answer; loads the history that it lacks. */
export async function readBranch(log: AgentLog, run: Run): Promise<readonly ContentMessage[]> {
  const { projection } = log;
  for (;;) {
    const ids = projection.lineage(run.input);
    const first = ids[0] === undefined ? undefined : projection.message(ids[0]);
    const isWhole = first !== undefined && first.parent === null;
    if (isWhole || !(await log.loadOlder())) return [...ids, answerIdOf(run.id)].flatMap(contentOf);
  }

  function contentOf(id: MessageId): ContentMessage[] {
    const message = projection.message(id);
    if (message === undefined || message.deleted === true || message.parts.length === 0) return [];
    const { role, parts, metadata } = message;
    return [{ id, role, parts, ...(metadata !== undefined && { metadata }) }];
  }
}
