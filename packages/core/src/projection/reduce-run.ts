import type { MessageId, RunId } from '../ids.ts';
import { isEnded } from '../snapshot.ts';
import { describeRun } from './describe-run.ts';
import { questionOf } from './entry.ts';
import { holderAt } from './floor-line.ts';
import { refuse } from './gather.ts';
import type { Origin } from './gather.ts';
import { isAside, isSubTask } from './holding.ts';
import { tracePath } from './path.ts';
import { standingFacts, standingOf } from './standing.ts';
import { firstStop, isLoaded, mayEnd, mayReplace, replacementOf } from './stops.ts';
import type { Surroundings } from './surroundings.ts';
import type { RecordRefusal } from './types.ts';

/** Computes all runs. What a run refers to is older (P2), so two rounds by serial do: who speaks, then what becomes of it. */
export function reduceRuns(around: Surroundings): void {
  for (const node of around.origins) placeRun(node, around);
  for (const node of around.origins) if (!node.isRefused) reduceRun(node, around);
}

function placeRun(node: Origin, around: Surroundings): void {
  const { origin } = node;
  const refusal = refusalOf(node, around);
  if (refusal) {
    node.isRefused = true;
    around.refusals.push(refusal);
  } else {
    // P2: an output counts only above the record that asks for it; P22: a first one only while agents have the floor.
    node.path = tracePath(
      node.claims.filter(({ serial }) => serial > origin.serial),
      (serial) => isSubTask(origin) || holderAt(around.floor, serial).kind === 'agents',
    );
  }
  node.replacedBy = replacementOf(node);
  node.speaks = origin.kind === 'input' && !refusal && !node.replacedBy;
}

function reduceRun(node: Origin, around: Surroundings): void {
  const { origin, cancels, path } = node;
  node.path = [];
  const input = inputOf(node, around);
  if (input === undefined) return;
  node.speaks = origin.kind !== 'regenerate' && !node.replacedBy;
  for (const cancel of cancels)
    if (cancel.serial > origin.serial && !mayEnd(cancel, node, around))
      around.refusals.push(
        refuse(cancel.message, 'forbidden', 'only its author, staff or an agent may end a run'),
      );
  if (isAside(origin, around.floor)) return;

  const stop = firstStop(node, around);
  // P11: a cancel below the first output means that the outputs count nowhere.
  if (!stop || (path[0] && path[0].serial < stop.serial)) node.path = path;
  node.deleted = node.path.some(({ record }) => !record);
  if (node.path.length > 0 && !node.deleted) {
    node.standing = standingOf(node.path);
    node.delivered = new Set(
      standingFacts(node.standing).flatMap(([fact]) => (fact.kind === 'steering' ? fact.id : [])),
    );
    for (const id of node.delivered) around.taken.add(id);
  }
  node.run = describeRun(node, input, stop, around);
}

function refusalOf({ origin }: Origin, { about, nodes }: Surroundings): RecordRefusal | undefined {
  if (origin.kind === 'regenerate') return undefined;
  const { message, serial } = origin;
  const elder = about
    .get(questionOf(origin))
    ?.find((each) => each.origin.kind !== 'regenerate' && !each.isRefused && !each.replacedBy);
  if (elder && elder.origin.serial < serial)
    return refuse(message, 'conflict', 'another message has this id');
  if (origin.kind !== 'input' || origin.record.replaces === undefined) return undefined;
  const target = nodes.get(origin.record.replaces as string as RunId);
  if (!isLoaded(target) || target.origin.kind !== 'input' || target.origin.serial > serial) return undefined;
  if (!mayReplace(origin, target.origin))
    return refuse(message, 'forbidden', 'only its author may replace an input');
  return target.replacedBy === origin
    ? undefined
    : refuse(message, 'late', 'the input was taken or replaced before');
}

/** The message that the run answers; undefined while what the record refers to isn't loaded, or when it asks for nothing. */
function inputOf({ id, origin }: Origin, { about, nodes }: Surroundings): MessageId | undefined {
  const question = questionOf(origin);
  if (origin.kind === 'input') return question;
  if (origin.kind === 'regenerate') {
    const owner = about.get(question)?.find(({ speaks }) => speaks);
    return owner && owner.origin.serial < origin.serial ? question : undefined;
  }
  // P19: at the run's end an undelivered steer is a queued run.
  const host = nodes.get(origin.record.run);
  const isLeft =
    isLoaded(host) &&
    host.origin.serial < origin.serial &&
    host.run &&
    isEnded(host.run.status) &&
    !host.delivered.has(id);
  return isLeft ? question : undefined;
}
