import type { ContentMessage } from '@holdfast/codec';
import type { AgentLog } from './agent-log.ts';
import type { MessageId } from '../ids.ts';
import type { RunStatus } from '../snapshot.ts';

/** Ends of a run that leave its answer as it was when they came; a model is told so. */
const CUT_SHORT: ReadonlySet<RunStatus> = new Set<RunStatus>(['cancelled', 'error', 'lost']);

/** The branch down to a message, oldest first; loads the history that it lacks. */
export async function readBranch(log: AgentLog, message: MessageId): Promise<readonly ContentMessage[]> {
  const { projection } = log;
  for (;;) {
    const ids = projection.lineage(message);
    const first = ids[0] === undefined ? undefined : projection.message(ids[0]);
    const isWhole = first !== undefined && first.parent === null;
    if (isWhole || !(await log.loadOlder())) return ids.flatMap(contentOf);
  }

  function contentOf(id: MessageId): ContentMessage[] {
    const found = projection.message(id);
    if (found === undefined || found.deleted === true || found.parts.length === 0) return [];
    const { role, parts, metadata, run } = found;
    const status = run === undefined ? undefined : projection.run(run)?.status;
    const isCutShort = role === 'assistant' && status !== undefined && CUT_SHORT.has(status);
    const finish = isCutShort ? { ...found.finish, reason: status } : found.finish;
    return [
      {
        id,
        role,
        parts,
        ...(metadata !== undefined && { metadata }),
        ...(finish !== undefined && { finish }),
      },
    ];
  }
}
