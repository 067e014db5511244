import type { Serial } from '@holdfast/channel';
import type { InboxRecord, Settled, Wake } from '../../wakes/inbox-records.ts';

/** What is left to do, as an inbox's messages tell it: in whatever order they are given, once all are there. */
export interface InboxFold {
  apply(record: InboxRecord): void;
  /** A message that says nothing: it is passed over for good. */
  pass(serial: Serial): void;
  /** History is about to be read, newest first: what was settled is remembered until it is. */
  beginReading(): void;
  endReading(): void;
  /** Sessions that wait to be looked at. */
  readonly sessions: Iterable<string>;
  /** What a session was woken for and nobody has settled, oldest first. */
  wakes(session: string): readonly Wake[];
  /** Takes a session's wakes as settled; returns what to publish, so that others know. */
  settle(session: string, upTo: Serial): Settled;
}

export function createInboxFold(): InboxFold {
  const waiting = new Map<string, readonly Wake[]>();
  /** Up to where a session is settled; kept while history is read. */
  const settled = new Map<string, Serial>();
  let reading = 0;
  let head = '' as Serial;
  /** The lowest serial of a wake that waits; computed when asked for. */
  let lowest: Serial | undefined;
  let isStale = false;

  const see = (serial: Serial): void => {
    if (serial > head) head = serial;
  };
  const drop = (session: string, upTo: Serial): void => {
    const before = waiting.get(session);
    if (before === undefined) return;
    const after = before.filter(({ serial }) => serial > upTo);
    if (after.length === before.length) return;
    isStale ||= before.some(({ serial }) => serial === lowest);
    if (after.length === 0) waiting.delete(session);
    else waiting.set(session, after);
  };
  const add = ({ kind: _kind, ...wake }: Extract<InboxRecord, { kind: 'wake' }>): void => {
    const { session, serial } = wake;
    if (serial <= (settled.get(session) ?? '')) return;
    const before = waiting.get(session) ?? [];
    if (before.some((each) => each.serial === serial)) return;
    const after = [...before, wake];
    waiting.set(
      session,
      after.sort((a, b) => (a.serial < b.serial ? -1 : 1)),
    );
    if (lowest === undefined || serial < lowest) lowest = serial;
  };
  const base = (): Serial => {
    if (isStale) {
      lowest = undefined;
      for (const [first] of waiting.values())
        if (first !== undefined && (lowest === undefined || first.serial < lowest)) lowest = first.serial;
      isStale = false;
    }
    return lowest ?? head;
  };
  const close = (session: string, upTo: Serial): void => {
    if (reading > 0 && upTo > (settled.get(session) ?? '')) settled.set(session, upTo);
    drop(session, upTo);
  };

  return {
    apply(record) {
      see(record.serial);
      if (record.kind === 'wake') add(record);
      else close(record.session, record.upTo);
    },
    pass: see,
    beginReading: () => void (reading += 1),
    endReading() {
      reading -= 1;
      if (reading === 0) settled.clear();
    },
    get sessions() {
      return waiting.keys();
    },
    wakes: (session) => waiting.get(session) ?? [],
    settle(session, upTo) {
      close(session, upTo);
      return { session, upTo, from: base() };
    },
  };
}
