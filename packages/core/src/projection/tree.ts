import type { Serial } from '@holdfast/channel';
import type { MessageId } from '../ids.ts';
import { answerIdOf, runOfAnswerId } from '../records/answer-id.ts';
import { bySerial } from './by-serial.ts';
import { questionOf } from './entry.ts';
import type { Origin } from './gather.ts';
import { isSubTask } from './holding.ts';
import { isLoaded } from './stops.ts';
import type { Runs } from './stops.ts';
import type { Selection } from './types.ts';

/** A message of the conversation, in its place. */
export interface Place {
  readonly id: MessageId;
  readonly serial: Serial;
  /** The run that asks for an answer to it (a question), or whose answer it is. */
  readonly node: Origin;
  readonly isAnswer: boolean;
  /** An id that isn't loaded, or null, at the top. */
  readonly parent: MessageId | null;
  readonly siblings: readonly MessageId[];
}

export interface Tree {
  readonly places: ReadonlyMap<MessageId, Place>;
  /** The siblings below each message. */
  readonly groups: ReadonlyMap<MessageId | null, readonly MessageId[]>;
}

/**
 * Places the messages of runs. Edits and regenerations are siblings; plain messages with one parent (two people writing at
 * once) are chained by serial, each after the other's answer. What an agent asks another while it works is nobody's
 * sibling, and on no branch but its own.
 */
export function plantTree(origins: readonly Origin[], runs: Runs): Tree {
  const places = new Map<MessageId, Place>();
  const groups = new Map<MessageId | null, MessageId[]>();
  /** Below each message, the last of the plain next ones; and of each message the first answer. */
  const lastNext = new Map<MessageId | null, MessageId>();
  const firstAnswers = new Map<MessageId, MessageId>();
  const leaves: Pick<Place, 'id' | 'serial' | 'node' | 'isAnswer'>[] = [];
  for (const node of origins) {
    const { id, origin, path, run } = node;
    const answer = answerIdOf(id);
    if (node.speaks) leaves.push({ id: questionOf(origin), serial: origin.serial, node, isAnswer: false });
    if (!run || !path[0]) continue;
    leaves.push({ id: answer, serial: path[0].serial, node, isAnswer: true });
    if (!firstAnswers.has(run.input)) firstAnswers.set(run.input, answer);
  }

  // By serial: what a message refers to has its place already, except answers, which hang below their question.
  for (const leaf of leaves.sort(bySerial)) {
    const { id, node, isAnswer } = leaf;
    const { origin, run } = node;
    const { kind, record, serial } = origin;
    const edits = kind === 'input' ? record.edits : undefined;
    // What it edits is older (P2).
    const edited =
      edits !== undefined && edits !== id && speakerOf(edits, serial, runs) ? places.get(edits) : undefined;
    const isApart = !isAnswer && isSubTask(origin);
    let parent = isAnswer && run ? run.input : nearest(parentOf(node), serial, runs);
    if (!isAnswer && !isApart) {
      if (edited) parent = edited.parent;
      else {
        const before = lastNext.get(parent);
        lastNext.set(parent, id);
        if (before !== undefined) parent = firstAnswers.get(before) ?? before;
      }
    }
    const siblings = isApart ? [] : (groups.get(parent) ?? []);
    if (!isApart) groups.set(parent, siblings);
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
    .sort(bySerial)
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

/** What a run's question names as the message before it. */
function parentOf({ origin: { kind, record } }: Origin): MessageId | null {
  if (kind === 'input') return record.parent;
  return kind === 'steer' ? answerIdOf(record.run) : record.input;
}

/**
 * The nearest message that is there, going up from the one that is named: past answers that never came and messages that
 * don't count. What is named counts only below `bound` (P2). An id that isn't loaded is left as it is.
 */
function nearest(named: MessageId | null, bound: Serial, runs: Runs): MessageId | null {
  let id = named;
  // Every step names something older, so this ends.
  for (let below = bound; id !== null;) {
    const run = runOfAnswerId(id);
    // Who says it, or else who would have.
    const sayer = runs.about.get(id)?.find(({ origin }) => origin.kind !== 'regenerate');
    const node = run === undefined ? (speakerOf(id, below, runs) ?? sayer) : runs.nodes.get(run);
    if (!isLoaded(node)) return id;
    const { origin, replacedBy, isRefused } = node;
    if (origin.serial >= below) return null;
    if (run !== undefined && node.run && node.path.length > 0) return id;
    if (node.speaks) return questionOf(origin);
    if (replacedBy && !isRefused && replacedBy.serial < below) {
      const { message, record } = replacedBy;
      id = run === undefined ? (record.message.id as string as MessageId) : answerIdOf(message.id as never);
    } else {
      below = origin.serial;
      id = parentOf(node);
    }
  }
  return null;
}

function speakerOf(id: MessageId, below: Serial, { about }: Runs): Origin | undefined {
  return about.get(id)?.find(({ speaks, origin }) => speaks && origin.serial < below);
}
