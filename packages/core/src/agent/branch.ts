import type { ContentMessage, Part } from '@holdfast/codec';
import type { AgentLog } from './agent-log.ts';
import type { MessageId, RunId } from '../ids.ts';
import type { RunStatus } from '../snapshot.ts';

/** Ends of a run that leave its answer as it was when they came; a model is told so. */
const CUT_SHORT: ReadonlySet<RunStatus> = new Set<RunStatus>(['cancelled', 'error', 'lost']);

/** Answers that are looked at side by side. */
const LANES = 8;

/** The branch down to a message, oldest first; loads the history that it lacks. `join` completes the parts of answers. */
export async function readBranch(
  log: AgentLog,
  message: MessageId,
  join: (run: RunId, parts: readonly Part[]) => Promise<readonly Part[]>,
): Promise<readonly ContentMessage[]> {
  const { projection } = log;
  for (;;) {
    const ids = projection.lineage(message);
    const first = ids[0] === undefined ? undefined : projection.message(ids[0]);
    const isWhole = first !== undefined && first.parent === null;
    if (!isWhole && (await log.loadOlder())) continue;
    const branch: ContentMessage[] = [];
    for (let at = 0; at < ids.length; at += LANES)
      branch.push(...(await Promise.all(ids.slice(at, at + LANES).map(contentOf))).flat());
    return branch;
  }

  async function contentOf(id: MessageId): Promise<ContentMessage[]> {
    const found = projection.message(id);
    if (found === undefined || found.deleted === true || found.parts.length === 0) return [];
    const { role, metadata, run } = found;
    const parts = run !== undefined && role === 'assistant' ? await join(run, found.parts) : found.parts;
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
