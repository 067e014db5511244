import type { Serial } from '@holdfast/channel';
import type { ContentMessage } from '@holdfast/codec';
import type { MessageId, RunId } from '../ids.ts';
import { answerIdOf, runOfAnswerId } from '../records/answer-id.ts';
import { bySerial } from './by-serial.ts';
import type { ClaimEntry, OriginEntry } from './entry.ts';
import { isLoaded } from './node.ts';
import type { Origin } from './node.ts';
import type { RecordIndex } from './record-index.ts';
import type { Selection } from './types.ts';

/** A message of the conversation, in its place. */
export interface Place {
  readonly id: MessageId;
  /** The run that asks for an answer to it (a question), or whose answer it is. */
  readonly node: Origin;
  /** Undefined for an answer: its run's standing log says it. */
  readonly said: ContentMessage | undefined;
  /** Its message, or the first and the last of its answer's. */
  readonly first: OriginEntry | ClaimEntry;
  readonly last: OriginEntry | ClaimEntry;
  /** An id that isn't loaded, or null, at the top. */
  readonly parent: MessageId | null;
  readonly siblings: readonly MessageId[];
}

export interface Tree {
  readonly places: ReadonlyMap<MessageId, Place>;
  /** The siblings below each message. */
  readonly groups: ReadonlyMap<MessageId | null, readonly MessageId[]>;
}

function byFirst(a: Pick<Place, 'first'>, b: Pick<Place, 'first'>): number {
  return bySerial(a.first, b.first);
}

type Nodes = RecordIndex['nodes'];

/**
 * Places the messages of runs. Edits and regenerations are siblings; plain messages with one parent (two people writing at
 * once) are chained by serial, each after the other's answer. What an agent asks another while it works is nobody's
 * sibling, and on no branch but its own.
 */
export function plantTree({ origins, nodes }: Pick<RecordIndex, 'origins' | 'nodes'>): Tree {
  const places = new Map<MessageId, Place>();
  const groups = new Map<MessageId | null, MessageId[]>();
  /** Below each message, the last of the plain next ones; and of each message the first answer. */
  const lastNext = new Map<MessageId | null, MessageId>();
  const firstAnswers = new Map<MessageId, MessageId>();
  const leaves: Omit<Place, 'parent' | 'siblings'>[] = [];
  for (const node of origins) {
    const { id, entry, derived } = node;
    const { question, record } = entry;
    const { speaks, path } = derived;
    const [first] = path;
    const last = path.at(-1);
    if (speaks) leaves.push({ id: question, node, said: record.message, first: entry, last: entry });
    if (!first || !last) continue;
    const answer = answerIdOf(id);
    leaves.push({ id: answer, node, said: undefined, first, last });
    if (!firstAnswers.has(question)) firstAnswers.set(question, answer);
  }

  // By serial: what a message refers to has its place already, except answers, which hang below their question.
  for (const leaf of leaves.sort(byFirst)) {
    const { id, said } = leaf;
    const { entry } = leaf.node;
    const { question, serial, outer, record } = entry;
    let parent = said ? nearest(entry.parent, serial, nodes) : question;
    if (said && outer !== undefined) {
      places.set(id, { ...leaf, parent, siblings: [id] });
      continue;
    }
    const edited = said && record.edits && places.get(record.edits);
    if (edited?.said) parent = edited.parent;
    else if (said) {
      const before = lastNext.get(parent);
      lastNext.set(parent, id);
      if (before !== undefined) parent = firstAnswers.get(before) ?? before;
    }
    const siblings = groups.get(parent) ?? [];
    groups.set(parent, siblings);
    siblings.push(id);
    places.set(id, { ...leaf, parent, siblings });
  }
  return { places, groups };
}

/** The branch that a selection shows, oldest first. */
export function branchOf({ places, groups }: Tree, selection?: Selection): readonly MessageId[] {
  const shown = (parent: MessageId | null): MessageId | undefined => {
    const group = groups.get(parent);
    const chosen = selection?.get(parent);
    return chosen !== undefined && group?.includes(chosen) ? chosen : group?.at(-1);
  };
  const start = [...groups.keys()]
    .flatMap((parent) => {
      const top = parent === null || !places.has(parent) ? shown(parent) : undefined;
      return (top !== undefined && places.get(top)) || [];
    })
    .sort(byFirst)
    .at(-1);
  const branch: MessageId[] = [];
  for (let at = start?.id; at !== undefined; at = shown(at)) branch.push(at);
  return branch;
}

/** A message and all that it follows, oldest first. */
export function lineageOf({ places }: Tree, id: MessageId): readonly MessageId[] {
  const line: MessageId[] = [];
  for (let at = places.get(id); at; at = at.parent === null ? undefined : places.get(at.parent))
    line.push(at.id);
  return line.reverse();
}

/**
 * The nearest message that is there, going up from the one that is named: past answers that never came and messages that
 * don't count. What is named counts only below `bound` (P2). An id that isn't loaded is left as it is.
 */
function nearest(named: MessageId | null, bound: Serial, nodes: Nodes): MessageId | null {
  let id = named;
  // Every step names something older, so this ends.
  for (let below = bound; id !== null;) {
    const run = runOfAnswerId(id);
    const sayers = nodes.get(id)?.sayers ?? [];
    // Who says it, or else who would have.
    const node =
      run === undefined
        ? (sayers.find((each) => each.derived.speaks && each.serial < below) ?? sayers[0])
        : nodes.get(run);
    if (!isLoaded(node)) return id;
    const { serial, question, parent } = node.entry;
    const { path, speaks, replacedBy, isRefused } = node.derived;
    if (serial >= below) return null;
    if (run !== undefined && path.length > 0) return id;
    if (speaks) return question;
    if (replacedBy && !isRefused && replacedBy.serial < below)
      id = run === undefined ? replacedBy.question : answerIdOf(replacedBy.message.id as RunId);
    else {
      below = serial;
      id = parent;
    }
  }
  return null;
}
