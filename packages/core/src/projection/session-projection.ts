import type { AnnotationSummary, Serial } from '@holdfast/channel';
import { createContentFold, createRulingFacts } from '@holdfast/codec';
import type { Content, LogFacts } from '@holdfast/codec';
import type { MessageId } from '../ids.ts';
import { answerIdOf } from '../records/answer-id.ts';
import { isEnded } from '../snapshot.ts';
import type { Run, SessionMessage } from '../snapshot.ts';
import { noteChange, openChange } from './change.ts';
import type { ChangeLog } from './change.ts';
import { isSameList, keep } from './equal.ts';
import { foldFloor } from './floor-line.ts';
import type { FloorLine } from './floor-line.ts';
import { createMessageLog } from './message-log.ts';
import type { Taken } from './message-log.ts';
import type { Node } from './node.ts';
import { createRecordIndex } from './record-index.ts';
import type { RecordIndex } from './record-index.ts';
import { settle } from './settle.ts';
import { showMessage } from './show-message.ts';
import { standingText } from './standing.ts';
import { branchOf } from './tree.ts';
import type { Place, Tree } from './tree.ts';
import type { Change, SessionProjection } from './types.ts';
import { lookOver } from './view.ts';
import type { View } from './view.ts';

/** A projection, with what it is computed from. */
export interface OpenProjection extends SessionProjection {
  readonly index: RecordIndex;
  readonly tree: Tree;
  readonly floorLine: FloorLine;
}

/**
 * An empty projection. It holds what it is given until that is forgotten; there is nothing to close. `openFacts` reads what
 * is to be known of logs; default what a session needs.
 */
export function createSessionProjection(
  openFacts: (log: string) => LogFacts = createRulingFacts,
): OpenProjection {
  const log = createMessageLog(openFacts);
  const index = createRecordIndex();
  const annotations = new Map<Serial, AnnotationSummary>();
  let line = foldFloor([], []);
  let runs: readonly Run[] = [];
  let view = lookOver(index, line);
  /** More changed since it was computed. */
  let isStale = false;
  /** Messages as last read, each with the place where it was. */
  const shown = new Map<MessageId, { readonly message: SessionMessage; readonly place: Place }>();

  /** What can be said without deriving anything: that the text of a run's newest link went on. */
  const grow = (serial: Serial, { data }: Exclude<Taken, string>, change: ChangeLog): boolean => {
    const claim = log.get(serial)?.judged;
    if (claim?.kind !== 'output') return false;
    const { id, derived, content } = index.at(claim.run);
    const { run, standing } = derived;
    const share = standing.shares.at(-1);
    if (standing.growing !== claim || !run || !share) return false;
    change.appended.push({ run: id, offset: standing.length, text: data });
    share.length += data.length;
    standing.length += data.length;
    derived.run = { ...run, length: standing.length };
    content?.push(data);
    const answer = answerIdOf(id);
    shown.delete(answer);
    change.runs.add(id);
    change.messages.add(answer);
    return true;
  };
  const file = (serial: Serial, isThere: boolean): void => {
    const stored = log.get(serial);
    if (stored) index.set(stored, isThere);
  };
  const take = (serial: Serial, taken: Taken, change: ChangeLog, isAlone: boolean): void => {
    if (taken === 'missing') change.missing = serial;
    else if (taken === 'changed' || (taken !== 'same' && !(isAlone && grow(serial, taken, change))))
      file(serial, true);
  };
  const annotate = (serial: Serial, summary: AnnotationSummary | undefined, change: ChangeLog): void => {
    const known = annotations.get(serial);
    if (!summary || (known && known.version >= summary.version)) return;
    annotations.set(serial, summary);
    isStale = true;
    change.tree = true;
  };
  const settled = (change: ChangeLog): Change => {
    if (index.touched.size === 0) return change;
    const next = foldFloor(index.floors, index.claims);
    const known = line;
    line = keep(known, { ...next, floor: keep(known.floor, next.floor) });
    if (line !== known) for (const node of index.origins) index.touched.add(node);
    for (const [node, before] of settle(index, line)) noteChange(node, before, change);
    isStale = true;
    change.tree = true;
    return change;
  };
  const look = (): View => {
    if (isStale) view = lookOver(index, line, view);
    isStale = false;
    return view;
  };
  const contentOf = (node: Node): Content => {
    if (!node.content) {
      node.content = createContentFold();
      node.content.push(standingText(node.derived.standing));
    }
    return node.content.content;
  };

  return {
    index,
    get tree() {
      return look().tree;
    },
    get floorLine() {
      return line;
    },
    apply(...messages) {
      const change = openChange();
      for (const { annotations: summary, ...message } of messages) {
        // What several messages change is told as one difference.
        take(message.serial, log.apply(message), change, messages.length === 1);
        annotate(message.serial, summary, change);
      }
      return settled(change);
    },
    receive(delivery) {
      const change = openChange();
      if (delivery.kind === 'append') take(delivery.serial, log.append(delivery), change, true);
      else annotate(delivery.serial, delivery.summary, change);
      return settled(change);
    },
    forget(...serials) {
      for (const serial of serials) {
        annotations.delete(serial);
        file(serial, false);
        log.drop(serial);
      }
      return settled(openChange());
    },

    get runs() {
      const now = index.origins.flatMap(({ derived }) => derived.run ?? []);
      return isSameList(runs, now) ? runs : (runs = now);
    },
    run: (id) => index.nodes.get(id)?.derived.run,
    text: (run) => standingText(index.at(run).derived.standing),
    message(id) {
      const place = look().tree.places.get(id);
      const known = shown.get(id);
      if (!place || place === known?.place) return place && known?.message;
      const message = keep(
        known?.message,
        showMessage(place, () => contentOf(place.node), annotations.get(place.first.serial)),
      );
      shown.set(id, { message, place });
      return message;
    },
    branch: (selection) => branchOf(look().tree, selection),
    tip(selection) {
      const end = branchOf(look().tree, selection).at(-1);
      if (end === undefined) return null;
      const awaited = index.origins.findLast(
        ({ derived: { run } }) => run?.input === end && !isEnded(run.status),
      );
      return awaited ? answerIdOf(awaited.id) : end;
    },

    get state() {
      return look().state;
    },
    get floor() {
      return line.floor;
    },
    get refusals() {
      return look().refusals;
    },
    get horizon() {
      return index.claims.findLast(({ record }) => record?.horizon)?.record?.horizon;
    },
  };
}
