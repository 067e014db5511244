import type { AnnotationSummary, Serial } from '@holdfast/channel';
import { createContentFold, createRulingFacts } from '@holdfast/codec';
import type { Content, ContentFold, LogFacts } from '@holdfast/codec';
import type { MessageId, RunId } from '../ids.ts';
import { answerIdOf } from '../records/answer-id.ts';
import { isEnded } from '../snapshot.ts';
import type { Run, SessionMessage } from '../snapshot.ts';
import { compareRuns, openChange } from './change.ts';
import type { ChangeLog } from './change.ts';
import { isSameList, keep } from './equal.ts';
import { createMessageLog } from './message-log.ts';
import type { Taken } from './message-log.ts';
import type { Stored } from './stored.ts';
import { project } from './project.ts';
import type { Projected } from './project.ts';
import type { RunNode } from './run-node.ts';
import { showMessage } from './show-message.ts';
import { standingText } from './standing.ts';
import { branchOf } from './tree.ts';
import type { Change, SessionProjection } from './types.ts';

/** A projection, with what it is computed from. */
export interface OpenProjection extends SessionProjection {
  readonly projected: Projected;
  readonly messages: Iterable<Stored>;
}

/**
 * An empty projection. It holds what it is given until that is forgotten; there is nothing to close. `openFacts` reads what
 * is to be known of logs; default what a session needs.
 */
export function createSessionProjection(
  openFacts: (log: string) => LogFacts = createRulingFacts,
): OpenProjection {
  const log = createMessageLog(openFacts);
  const annotations = new Map<Serial, AnnotationSummary>();
  let projected = project([]);
  /** The set of messages is another one than `projected` is of. */
  let isStale = false;
  let {
    state: { value: state },
    floor: { floor },
    refusals,
  } = projected;
  let runs: readonly Run[] = [];
  /** Some of them grew since `runs` was read. */
  let haveGrown = false;
  const contents = new Map<RunId, ContentFold>();
  /** Messages as last read, each with the round in which it was built. */
  const shown = new Map<MessageId, { readonly message: SessionMessage; readonly round: number }>();
  let round = 0;

  /** What can be said without computing anything: that the text of a run's newest link went on. */
  const grow = (serial: Serial, { data, facts }: Exclude<Taken, string>, change: ChangeLog): boolean => {
    const node = projected.growing.get(serial);
    const share = node?.standing.shares.at(-1);
    if (isStale || !node?.run || !share || facts.some(({ kind }) => RULING.has(kind))) return false;
    const { id, run, standing } = node;
    change.appended.push({ run: id, offset: standing.length, text: data });
    share.length += data.length;
    standing.length += data.length;
    node.run = { ...run, length: standing.length };
    contents.get(id)?.push(data);
    haveGrown = true;
    const answer = answerIdOf(id);
    shown.delete(answer);
    change.runs.add(id);
    change.messages.add(answer);
    return true;
  };
  const take = (serial: Serial, taken: Taken, change: ChangeLog): void => {
    if (taken === 'missing') change.missing = serial;
    else if (taken === 'changed' || (taken !== 'same' && !grow(serial, taken, change))) isStale = true;
  };
  const annotate = (serial: Serial, summary: AnnotationSummary | undefined, change: ChangeLog): void => {
    const known = annotations.get(serial);
    if (!summary || (known && known.version >= summary.version)) return;
    annotations.set(serial, summary);
    round += 1;
    change.tree = true;
  };
  const settle = (change: ChangeLog): Change => {
    if (!isStale) return change;
    isStale = false;
    const next = project(log.all);
    compareRuns(projected, next, change);
    for (const { run } of change.retracted) contents.delete(run);
    for (const { run, text } of change.appended) contents.get(run)?.push(text);
    projected = next;
    state = keep(state, next.state.value);
    floor = keep(floor, next.floor.floor);
    refusals = keep(refusals, next.refusals);
    haveGrown = false;
    const now = next.origins.flatMap(({ run = [] }) => run);
    if (!isSameList(runs, now)) runs = now;
    round += 1;
    change.tree = true;
    return change;
  };

  const content = ({ id, standing }: RunNode): Content => {
    const known = contents.get(id);
    const fold = known ?? createContentFold();
    contents.set(id, fold);
    if (!known) fold.push(standingText(standing));
    return fold.content;
  };

  return {
    get projected() {
      return projected;
    },
    get messages() {
      return log.all;
    },
    apply(...messages) {
      const change = openChange();
      for (const { annotations: summary, ...message } of messages) {
        const taken = log.apply(message);
        // What several messages change is told as one difference.
        if (messages.length > 1) isStale ||= taken !== 'same';
        else take(message.serial, taken, change);
        annotate(message.serial, summary, change);
      }
      return settle(change);
    },
    receive(delivery) {
      const change = openChange();
      if (delivery.kind === 'append') take(delivery.serial, log.append(delivery), change);
      else annotate(delivery.serial, delivery.summary, change);
      return settle(change);
    },
    forget(...serials) {
      for (const serial of serials) {
        annotations.delete(serial);
        if (log.drop(serial)) isStale = true;
      }
      return settle(openChange());
    },

    get runs() {
      if (haveGrown) runs = runs.map((run) => projected.nodes.get(run.id)?.run ?? run);
      haveGrown = false;
      return runs;
    },
    run: (id) => projected.nodes.get(id)?.run,
    text(run) {
      const node = projected.nodes.get(run);
      return node ? standingText(node.standing) : '';
    },
    message(id) {
      const known = shown.get(id);
      if (known?.round === round) return known.message;
      const place = projected.tree.places.get(id);
      if (!place) return undefined;
      const message = keep(
        known?.message,
        showMessage(place, () => content(place.node), annotations.get(place.serial)),
      );
      shown.set(id, { message, round });
      return message;
    },
    branch: (selection) => branchOf(projected.tree, selection),
    tip(selection) {
      const end = branchOf(projected.tree, selection).at(-1);
      if (end === undefined) return null;
      const awaited = projected.origins.findLast(({ run }) => run?.input === end && !isEnded(run.status));
      return awaited ? answerIdOf(awaited.id) : end;
    },

    get state() {
      return state;
    },
    get floor() {
      return floor;
    },
    get refusals() {
      return refusals;
    },
    get horizon() {
      return projected.claims.findLast(({ record }) => record?.horizon)?.record?.horizon;
    },
  };
}

/** Facts from which more follows than that a run's log goes on. */
const RULING: ReadonlySet<string> = new Set(['continue', 'end', 'steering']);
