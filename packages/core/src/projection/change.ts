import type { RunId } from '../ids.ts';
import { isSameList, keep } from './equal.ts';
import type { Projected } from './project.ts';
import { createRunNode } from './run-node.ts';
import { standingText } from './standing.ts';
import type { StandingLog } from './standing.ts';
import type { Change } from './types.ts';

/** Collects what one call changes. */
export interface ChangeLog extends Change {
  readonly runs: Set<RunId>;
  readonly messages: Set<Change['messages'] extends ReadonlySet<infer Id> ? Id : never>;
  readonly retracted: Change['retracted'][number][];
  readonly appended: Change['appended'][number][];
  tree: boolean;
  missing?: NonNullable<Change['missing']>;
}

export function openChange(): ChangeLog {
  return { runs: new Set(), messages: new Set(), retracted: [], appended: [], tree: false };
}

const NOTHING = createRunNode('' as string as RunId);

/** Notes how the runs differ; those that say the same keep their identity. */
export function compareRuns(before: Projected, after: Projected, change: ChangeLog): void {
  for (const id of new Set([...before.nodes.keys(), ...after.nodes.keys()])) {
    const old = before.nodes.get(id) ?? NOTHING;
    const next = after.nodes.get(id) ?? NOTHING;
    if (next.run) next.run = keep(old.run, next.run);
    if (old.run !== next.run || !isSameList(old.answers, next.answers)) change.runs.add(id);
    if (isSameText(old.standing, next.standing)) continue;
    const gone = standingText(old.standing);
    const text = standingText(next.standing);
    const common = commonLength(gone, text);
    if (common < gone.length) change.retracted.push({ run: id, length: common });
    if (common < text.length) change.appended.push({ run: id, offset: common, text: text.slice(common) });
  }
}

/** The same shares of the same data: most runs, most of the time; their text need not be put together. */
function isSameText({ shares: a }: StandingLog, { shares: b }: StandingLog): boolean {
  return (
    a.length === b.length &&
    a.every(({ link, length }, index) => link.log === b[index]?.link.log && length === b[index].length)
  );
}

/** Length of what two texts begin with alike. */
function commonLength(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  return at;
}
