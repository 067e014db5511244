import { compact } from '@holdfast/codec';
import type { MessageId, RunId } from '../ids.ts';
import { isSameList } from '../projection/equal.ts';
import type { Run, SessionMessage } from '../snapshot.ts';

/** What a tree is read from: a session. */
export interface RunSource {
  readonly snapshot: { readonly runs: readonly Run[] };
  message(id: MessageId): SessionMessage | undefined;
}

/** One run and what it delegated. */
export interface RunNode {
  readonly run: Run;
  /**
   * Who does what, in few words: the label, or else the agent's name. No two that were asked by one run have the same: from the
   * second on they are numbered.
   */
  readonly name: string;
  /** The agent that does it, or that it is addressed to; undefined while nobody has taken what is for anybody. */
  readonly agent?: string;
  /** Its place among those that were asked by the same run, from 1. */
  readonly order: number;
  /** 0 for a question of the conversation, 1 for what its agent delegated, and so on. */
  readonly depth: number;
  /** What was asked; what there is of the answer, which grows while the agent writes. */
  readonly question?: SessionMessage;
  readonly answer?: SessionMessage;
  /** What this run delegated, in the order in which it did. */
  readonly subRuns: readonly RunNode[];
}

const known = new WeakMap<RunSource, readonly RunNode[]>();

/**
 * The loaded runs, oldest first, each with its sub-runs below it. A sub-run whose parent isn't loaded stands at the top until it is.
 * It follows from the session's records alone, so every client sees the same. Nodes below which nothing changed keep their identity,
 * and so does the whole: `useSyncExternalStore(session.subscribe, () => runTree(session))` is a hook.
 */
export function runTree(source: RunSource): readonly RunNode[] {
  const { runs } = source.snapshot;
  const before = known.get(source) ?? [];
  const below = new Map<RunId | undefined, Run[]>();
  const older = new Set<RunId>();
  for (const run of runs) {
    const { id, parentRun } = run;
    // P2: a sub-run is newer than what it is part of.
    const parent = parentRun !== undefined && older.has(parentRun) ? parentRun : undefined;
    const beside = below.get(parent);
    if (beside === undefined) below.set(parent, [run]);
    else beside.push(run);
    older.add(id);
  }

  const build = (parent: RunId | undefined, depth: number, old: readonly RunNode[]): readonly RunNode[] => {
    const names = new Set<string>();
    const nodes = (below.get(parent) ?? []).map((run, at) => {
      const agent = run.agent?.name ?? run.to;
      const title = run.label ?? agent ?? '';
      let name = title;
      for (let count = 2; depth > 0 && names.has(name); count += 1) name = `${title} ${count}`;
      names.add(name);
      const was = old[at]?.run.id === run.id ? old[at] : old.find((each) => each.run.id === run.id);
      const node = compact<RunNode>({
        run,
        name,
        agent,
        order: at + 1,
        depth,
        question: source.message(run.input),
        answer: run.output && source.message(run.output),
        subRuns: build(run.id, depth + 1, was?.subRuns ?? []),
      });
      return was !== undefined && isSame(was, node) ? was : node;
    });
    return isSameList(old, nodes) ? old : nodes;
  };
  const tree = build(undefined, 0, before);
  known.set(source, tree);
  return tree;
}

/** One run out of a tree, with what is below it. */
export function findRun(tree: readonly RunNode[], run: RunId): RunNode | undefined {
  for (const node of tree) {
    const found = node.run.id === run ? node : findRun(node.subRuns, run);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isSame(a: RunNode, b: RunNode): boolean {
  return (
    a.run === b.run &&
    a.name === b.name &&
    a.agent === b.agent &&
    a.order === b.order &&
    a.depth === b.depth &&
    a.question === b.question &&
    a.answer === b.answer &&
    a.subRuns === b.subRuns
  );
}
