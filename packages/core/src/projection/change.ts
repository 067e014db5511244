import { keep } from './equal.ts';
import type { Derived, Node } from './node.ts';
import { standingText } from './standing.ts';
import type { Change } from './types.ts';

/** Collects what one call changes. */
export interface ChangeLog extends Change {
  readonly runs: Set<Node['id']>;
  readonly messages: Set<Change['messages'] extends ReadonlySet<infer Id> ? Id : never>;
  readonly retracted: Change['retracted'][number][];
  readonly appended: Change['appended'][number][];
  tree: boolean;
  missing?: NonNullable<Change['missing']>;
}

export function openChange(): ChangeLog {
  return { runs: new Set(), messages: new Set(), retracted: [], appended: [], tree: false };
}

/** Notes how a node differs from what was derived of it before; a run that says the same keeps its identity. */
export function noteChange(node: Node, before: Derived, change: ChangeLog): void {
  const { id, derived } = node;
  derived.run &&= keep(before.run, derived.run);
  if (derived.run ?? before.run) change.runs.add(id);
  const gone = standingText(before.standing);
  const text = standingText(derived.standing);
  let common = 0;
  while (common < gone.length && gone[common] === text[common]) common += 1;
  if (common < gone.length) {
    change.retracted.push({ run: id, length: common });
    node.content = undefined;
  }
  if (common < text.length) {
    const more = text.slice(common);
    change.appended.push({ run: id, offset: common, text: more });
    node.content?.push(more);
  }
}
