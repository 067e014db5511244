import type { Serial } from '@holdfast/channel';
import { isSameAuthor } from '../records/authority.ts';
import { bySerial } from './by-serial.ts';
import type { HasSerial } from './by-serial.ts';
import { questionOf } from './entry.ts';
import type { CancelEntry, InputEntry, RegenerateEntry } from './entry.ts';
import type { Gathered, Origin } from './gather.ts';
import { isSubTask } from './holding.ts';
import type { RunNode } from './run-node.ts';

/** Something that stops a run, whichever record says so. */
export interface Stop {
  readonly serial: Serial;
  readonly reason?: string | undefined;
}

/** What a run can be looked up in. */
export type Runs = Pick<Gathered, 'nodes' | 'about'>;

export function isLoaded(node: RunNode | undefined): node is Origin {
  return node?.origin !== undefined;
}

/** A run, the run that it belongs to as an agent's sub-task, where that is older (P2), and so on outwards. */
function* outwards(node: Origin, runs: Runs): Iterable<Origin> {
  yield node;
  const { origin } = node;
  if (origin.kind !== 'input' || origin.record.parentRun === undefined || !isSubTask(origin)) return;
  const outer = runs.nodes.get(origin.record.parentRun);
  if (isLoaded(outer) && outer.origin.serial < origin.serial) yield* outwards(outer, runs);
}

/**
 * Whether the author of a record may end a run: agents and staff may, a participant where the run, or a run that it
 * belongs to, is the same identity's (I16).
 */
export function mayEnd(by: CancelEntry | RegenerateEntry, node: Origin, runs: Runs): boolean {
  return (
    by.role !== 'participant' ||
    [...outwards(node, runs)].some(({ origin }) => isSameAuthor(origin.message, by.message))
  );
}

/** What stops a run first: its own stops, and those of the runs that it belongs to. */
export function firstStop(node: Origin, runs: Runs): Stop | undefined {
  const { origin } = node;
  const host = origin.kind === 'steer' ? runs.nodes.get(origin.record.run) : undefined;
  return [
    ...stopsOf(node, runs),
    // Who stops a run stops what was said to it before; what is said later is meant to be heard.
    ...(isLoaded(host) ? stopsOf(host, runs, origin.serial) : []),
  ].sort(bySerial)[0];
}

/** Of all that stops a run, or the runs that it belongs to, above a serial: the first of each kind. */
function stopsOf(node: Origin, runs: Runs, above?: Serial): readonly Stop[] {
  return [...outwards(node, runs)].flatMap((each) => {
    const { origin, cancels, replacedBy } = each;
    const isAbove = ({ serial }: HasSerial): boolean => serial > (above ?? origin.serial);
    const counts = (by: CancelEntry | RegenerateEntry): boolean => isAbove(by) && mayEnd(by, each, runs);
    // P21: a cancel reaches the tree of sub-runs unless it says `only`.
    const cancel = cancels.find((by) => counts(by) && (each === node || by.record.only !== true));
    const again = runs.about
      .get(questionOf(origin))
      ?.find(({ origin: by }) => by.kind === 'regenerate' && counts(by));
    return [
      ...(cancel ? [{ serial: cancel.serial, reason: cancel.record.reason }] : []),
      ...(replacedBy && isAbove(replacedBy) ? [{ serial: replacedBy.serial, reason: 'replaced' }] : []),
      ...(again ? [{ serial: again.origin.serial, reason: 'regenerated' }] : []),
    ];
  });
}

/** The input that stands for this one: the first by serial that may, below the run's first output (P3). */
export function replacementOf({ origin, replacers, path: [first] }: Origin): InputEntry | undefined {
  return origin.kind === 'input'
    ? replacers.find(
        (entry) =>
          mayReplace(entry, origin) &&
          entry.serial > origin.serial &&
          (!first || entry.serial < first.serial),
      )
    : undefined;
}

export function mayReplace({ role, message }: InputEntry, { message: replaced }: InputEntry): boolean {
  return role !== 'participant' || isSameAuthor(replaced, message);
}
