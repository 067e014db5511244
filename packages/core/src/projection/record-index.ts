import { place } from './by-serial.ts';
import type { Asking, ClaimEntry, Entry, FloorEntry, Judged, StateEntry } from './entry.ts';
import { judge } from './judge.ts';
import { createNode, isLoaded } from './node.ts';
import type { Node, Origin } from './node.ts';
import type { Stored } from './stored.ts';

/** The records of a log by what they are about. Adding one costs what it names, wherever in the log it stands. */
export interface RecordIndex {
  readonly nodes: ReadonlyMap<string, Node>;
  at(id: string): Node;
  /** Nodes whose record asks for a run, whether or not it counts. By serial, as the other lists. */
  readonly origins: readonly Origin[];
  readonly claims: readonly ClaimEntry[];
  readonly floors: readonly FloorEntry[];
  readonly states: readonly StateEntry[];
  /** Nodes to be derived again. */
  readonly touched: Set<Node>;
  /** Adds a message, or another sight of it; or takes it out. */
  set(stored: Stored, isThere: boolean): void;
}

export function createRecordIndex(): RecordIndex {
  const nodes = new Map<string, Node>();
  const origins: Origin[] = [];
  const claims: ClaimEntry[] = [];
  const floors: FloorEntry[] = [];
  const states: StateEntry[] = [];
  const touched = new Set<Node>();

  const at = (id: string): Node => {
    const node = nodes.get(id) ?? createNode(id);
    nodes.set(id, node);
    return node;
  };
  const touch = (node: Node): void => {
    for (const each of [node, ...node.readers]) touched.add(each);
  };
  const file = (node: Node, entry: Judged, isThere: boolean): void => {
    if (!entry || entry.kind === 'refused') return;
    for (const id of namesOf(entry)) {
      place(at(id).named, entry, isThere);
      touch(at(id));
    }
    if (entry.kind === 'output') place(claims, entry, isThere);
    if (entry.kind === 'floor') place(floors, entry, isThere);
    if (entry.kind === 'state') place(states, entry, isThere);
    if (!isLoaded(node)) return;
    place(origins, node, isThere);
    if (entry.kind === 'regenerate') return;
    place(at(node.entry.question).sayers, node, isThere);
    touch(at(node.entry.question));
  };

  return {
    nodes,
    at,
    origins,
    claims,
    floors,
    states,
    touched,
    set(stored, isThere) {
      const node = at(stored.message.id);
      place(node.said, stored, isThere);
      touch(node);
      const [head] = node.said;
      const entry = head && (head.judged ??= judge(head));
      file(node, node.entry, false);
      Object.assign(node, { entry, serial: head?.serial ?? '' });
      file(node, entry, true);
    },
  };
}

/** The ids that a record names. */
function namesOf(entry: Entry): readonly string[] {
  const { run, input, parent, replaces }: Omit<Asking, 'message'> =
    entry.kind === 'output' ? entry : entry.record;
  const taken = entry.kind === 'output' ? entry.log.facts : [];
  return [run, input, parent, replaces, ...taken.map((fact) => fact.kind === 'steering' && fact.id)].flatMap(
    (id) => id || [],
  );
}
