import { createLogFacts } from '@holdfast/codec';
import type { RunId } from '../ids.ts';
import type { Run } from '../snapshot.ts';
import { isRecordKind } from '../records/table.ts';
import { judgeAnswers } from './answer-states.ts';
import { bySerial } from './by-serial.ts';
import { openChange } from './change.ts';
import { checkpointOf } from './checkpoint.ts';
import { isSameList } from './equal.ts';
import { wholeMessage } from './stored.ts';
import { openingOf } from './opening.ts';
import type { Derived } from './node.ts';
import { claimsWithoutProgress, describeStanding, pathOf, statementOf } from './run-queries.ts';
import { createSessionProjection } from './session-projection.ts';
import { lineageOf } from './tree.ts';
import type { Addition, Change, Projection, SessionProjection } from './types.ts';

type Queries = Omit<Projection, Exclude<keyof SessionProjection, 'receive'>>;

/** An empty projection. It holds what it is given until that is forgotten; there is nothing to close. */
export function createProjection(): Projection {
  const session = createSessionProjection(createLogFacts);
  const at = (run: RunId): Derived => session.index.at(run).derived;
  const add = (addition: Addition): Change => session.receive(addition);
  let known: readonly Run[] = [];
  const queries = {
    receive(delivery) {
      if (delivery.kind === 'message') return session.apply(delivery.message);
      return delivery.kind === 'append' || delivery.kind === 'annotations' ? add(delivery) : openChange();
    },
    append: (append) => add({ kind: 'append', ...append }),
    annotate: (serial, summary) => add({ kind: 'annotations', serial, summary }),
    get open() {
      const open = session.runs.filter(
        ({ status, held, serial }) => status === 'queued' && held !== true && serial !== undefined,
      );
      return isSameList(known, open) ? known : (known = open);
    },
    path: (run) => pathOf(at(run)),
    standing: (run) => describeStanding(at(run)),
    statement: (run) => statementOf(at(run)),
    claimsWithoutProgress: (run) => claimsWithoutProgress(at(run)),
    isResting: (run) => at(run).standing.suspended,
    answers: (run) => judgeAnswers(session.index.at(run)),
    lineage: (id) => lineageOf(session.tree, id),
    get opening() {
      return openingOf(session);
    },
    checkpoint: (upTo) => checkpointOf(session.index, upTo),
    record(id) {
      const [head] = session.index.at(id).said;
      return head && wholeMessage(head);
    },
    get unknown() {
      return [...session.index.nodes.values()]
        .flatMap(({ said: [head] }) => (head && !isRecordKind(head.message.name) ? head : []))
        .sort(bySerial)
        .map(wholeMessage);
    },
  } satisfies Queries as Queries;
  // On top of the session's, not by spreading: that would call the getters, once and for all.
  return Object.create(session, Object.getOwnPropertyDescriptors(queries)) as SessionProjection & Queries;
}
