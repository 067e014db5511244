import { encodeSerial, encodeVersion, type TailEvent, decodeText } from '@holdfast/channel/engine';
import { lengthOf, summaryOf, type Entry } from '../storage/message-row.ts';
import type { Changed, ChangedRow, Head } from '../storage/store.ts';
import { changesOf, wholeOf } from './changes.ts';
import type { HotMessages } from './hot-messages.ts';
import type { Horizon } from './horizon.ts';
import type { Plan } from './plan.ts';

let count = 0;

/**
 * What this process knows of a session: where it stands, and some of its messages as of there. Tails have been told
 * everything up to there, and nothing beyond.
 */
export class SessionState {
  readonly #hot: HotMessages;
  readonly #horizon: Horizon;
  readonly #emit: (event: TailEvent) => void;
  #head: Head | undefined;
  #floor = 0;
  /** Sets apart what is kept of this session, and of its epochs. */
  #name = (count += 1);

  constructor(hot: HotMessages, horizon: Horizon, emit: (event: TailEvent) => void) {
    this.#hot = hot;
    this.#horizon = horizon;
    this.#emit = emit;
  }

  get head(): Head | undefined {
    return this.#head;
  }

  isAt({ epoch, tick }: Head): boolean {
    return this.#head?.epoch === epoch && this.#head.tick === tick;
  }

  /** Messages below this tick are gone. */
  expire(floor: number): void {
    this.#floor = Math.max(this.#floor, floor);
  }

  find(serial: string): Entry | undefined {
    if (serial < encodeSerial(this.#floor)) return undefined;
    return this.#hot.find(`${this.#name} ${serial}`);
  }

  keep(entry: Entry): void {
    this.#hot.keep(`${this.#name} ${entry.stored.message.serial}`, entry);
  }

  /** Starts from here, or anew where what is known has nothing to do with it. */
  reset(head: Head): void {
    const lost = this.#head !== undefined;
    this.#name = count += 1;
    this.#head = head;
    this.#horizon.observe(head);
    if (lost) this.#emit({ kind: 'lost' });
  }

  /** Takes what was read of what changed since the head. */
  advance({ epoch, tick, rows }: Changed): void {
    const before = this.#head;
    if (before?.epoch !== epoch || tick < before.tick || rows === undefined)
      return this.reset({ epoch, tick });
    if (tick === before.tick) return;
    this.#head = { epoch, tick };
    this.#horizon.observe(this.#head);
    for (const row of rows) this.#update(row);
    for (const change of changesOf(rows, before.tick, epoch)) this.#emit(change);
  }

  /** Takes what this process has stored. */
  settle(plan: Plan, tick: number): void {
    this.#head = { epoch: this.#head?.epoch ?? '', tick };
    this.#horizon.observe(this.#head);
    for (const entry of plan.writes.entries.values()) this.keep(entry);
    for (const change of plan.changes) this.#emit(change);
  }

  #update(row: ChangedRow): void {
    const serial = encodeSerial(Number(row.serial));
    const known = this.find(serial);
    const whole = wholeOf(row);
    if (whole !== undefined && known !== undefined) return this.keep(whole);
    if (known === undefined) return;
    const grown = grow(known, row);
    if (grown === undefined) this.#hot.drop(`${this.#name} ${serial}`);
    else this.keep(grown);
  }
}

/** A message with what its row adds; undefined where that doesn't fit. */
function grow({ stored, folded }: Entry, row: ChangedRow): Entry | undefined {
  const { message } = stored;
  const annotations = summaryOf(row);
  const [start] = row.growth ?? [];
  if (folded !== row.folded || (start !== undefined && start[1] !== lengthOf(message.data))) return undefined;
  const grown = (text: string): string =>
    (row.growth ?? []).reduce((whole, [, , piece]) => whole + decodeText(piece), text);
  const data = typeof message.data === 'string' ? grown(message.data) : message.data;
  const version = encodeVersion(Number(row.version));
  return {
    folded,
    stored: {
      ...stored,
      bytes: row.bytes,
      changed: encodeVersion(Number(row.changed)),
      message: { ...message, version, data, ...(annotations !== undefined && { annotations }) },
    },
  };
}
