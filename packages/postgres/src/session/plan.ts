import type { Annotation, ChannelError, Operation, Serial } from '@holdfast/channel';
import {
  createHybridClock,
  decodeVersion,
  planCommit,
  type Change,
  type CommitView,
  type Outcome,
  type Publisher,
  type Stored,
  type Write,
} from '@holdfast/channel/engine';
import { toChannelError } from '../connection/errors.ts';
import type { Entry } from '../storage/message-row.ts';
import { addUp, type NetWrites } from '../storage/net-writes.ts';

/** One call of `commit`. */
export interface Job {
  readonly publisher: Publisher;
  readonly operations: readonly Operation[];
}

/** What jobs may ask about: serials that are no ticks name nothing. */
export interface Wanted {
  readonly serials: readonly number[];
  readonly ids: readonly string[];
  readonly annotations: readonly { readonly serial: number; readonly id: string }[];
}

export function wantedBy(jobs: readonly Job[]): Wanted {
  const serials = new Set<number>();
  const ids = new Set<string>();
  const annotations: { serial: number; id: string }[] = [];
  for (const operation of jobs.flatMap(({ operations }) => operations)) {
    if (operation.action === 'create') ids.add(operation.draft.id);
    const named = operation.action === 'create' ? operation.seals : operation.serial;
    const serial = named === undefined ? undefined : decodeVersion(named);
    if (serial === undefined) continue;
    serials.add(serial);
    if (operation.action === 'annotate') annotations.push({ serial, id: operation.annotation.id });
  }
  return { serials: [...serials], ids: [...ids], annotations };
}

/** What is known of a session, as far as jobs ask. */
export interface Known {
  readonly entries: ReadonlyMap<string, Entry>;
  readonly annotations: readonly Annotation[];
}

export interface PlanContext {
  readonly epoch: string;
  /** The tick that all of the plan's are higher than. */
  readonly after: number;
  readonly now: () => number;
  readonly maxMessageBytes: number;
}

export type Result = readonly Outcome[] | ChannelError;

export interface Plan {
  /** By job. */
  readonly results: readonly Result[];
  readonly changes: readonly Change[];
  readonly writes: NetWrites;
  /** The last tick; undefined where nothing is to be stored. */
  readonly to: number | undefined;
}

/** Plans jobs one after the other, each on what those before it do. A fault in one is that job's alone. */
export function planJobs(jobs: readonly Job[], known: Known, context: PlanContext): Plan {
  const { epoch, after, now, maxMessageBytes } = context;
  const clock = createHybridClock(now, after);
  const staged = new Staged(known);
  const writes: Write[] = [];
  const changes: Change[] = [];
  const results = jobs.map(({ publisher, operations }): Result => {
    try {
      const plan = planCommit(staged, publisher, operations, { epoch, clock, now: now(), maxMessageBytes });
      // Here, so that what cannot be written as JSON is found before it is anybody else's matter.
      addUp(plan.writes, clock.last, () => Infinity);
      for (const write of plan.writes) staged.put(write);
      writes.push(...plan.writes);
      changes.push(...plan.changes);
      return plan.outcomes;
    } catch (error) {
      return toChannelError(error);
    }
  });
  const net = addUp(writes, clock.last, (serial) => known.entries.get(serial)?.folded ?? 0);
  return { results, changes, writes: net, to: writes.length === 0 ? undefined : clock.last };
}

/** What is known, with what was planned so far. */
class Staged implements CommitView {
  readonly #bySerial = new Map<string, Stored>();
  readonly #byId = new Map<string, Stored>();
  readonly #annotations = new Map<string, Annotation>();

  constructor({ entries, annotations }: Known) {
    for (const { stored } of entries.values()) this.#keep(stored);
    for (const each of annotations) this.#annotations.set(keyOf(each.serial, each.id), each);
  }

  find(serial: Serial): Stored | undefined {
    return this.#bySerial.get(serial);
  }
  findById(id: string): Stored | undefined {
    return this.#byId.get(id);
  }
  findAnnotation(serial: Serial, id: string): Annotation | undefined {
    return this.#annotations.get(keyOf(serial, id));
  }
  put(write: Write): void {
    this.#keep(write.stored);
    if (write.kind !== 'annotate') return;
    this.#annotations.set(keyOf(write.annotation.serial, write.annotation.id), write.annotation);
  }

  #keep(stored: Stored): void {
    this.#bySerial.set(stored.message.serial, stored);
    this.#byId.set(stored.message.id, stored);
  }
}

function keyOf(serial: string, id: string): string {
  return `${serial} ${id}`;
}
