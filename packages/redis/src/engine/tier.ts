import {
  encodeSerial,
  encodeVersion,
  TICKS_PER_MS,
  type Copy,
  type HotTier,
  type Settled,
  type Standing,
} from '@holdfast/channel/engine';
import type { Driver } from '../driver/driver.ts';
import { SCRIPTS } from '../scripts/scripts.ts';
import type { Caller } from './caller.ts';
import { decodeEntry, type EntryRow } from './decode.ts';
import { encodeSerial as tickOf } from './encode-operations.ts';
import { channelOf, patternOf } from './keys.ts';

export interface TierParts {
  readonly caller: Caller;
  readonly driver: Driver;
  readonly prefix: string;
  /** Bytes of messages that one script reads at most, about. */
  readonly readBytes: string;
}

/** This engine as the hot one of two. */
export function createTier({ caller, driver, prefix, readBytes }: TierParts): HotTier {
  return {
    async standing(channel) {
      const answer = await caller.ask(SCRIPTS.standing, channel, []);
      return decodeStanding(answer as StandingRow);
    },
    async join(channel, mark, { fence, newest, changed, drop }) {
      const values = [mark, fence, String(newest), String(changed), ...encodeCopies(drop)];
      await caller.ask(SCRIPTS.join, channel, values);
    },
    async settled(channel, { idleMs, limit }) {
      const values = [String(idleMs), String(limit), readBytes];
      const answer = await caller.ask(SCRIPTS.settled, channel, values);
      return answer === null ? undefined : decodeSettled(answer as SettledRow);
    },
    drop: async (channel, copies) => Number(await caller.ask(SCRIPTS.drop, channel, encodeCopies(copies))),
    async *channels() {
      // What has messages has them in order.
      for await (const key of driver.scan(patternOf(prefix, 'o'))) yield channelOf(prefix, key);
    },
  };
}

type StandingRow =
  | { readonly mark: string }
  | { readonly mark: string; readonly copies: readonly (readonly [serial: number, changed: number])[] }
  | { readonly mark: string; readonly newest: number; readonly changed: number };

interface SettledRow {
  readonly f: string;
  readonly m: readonly EntryRow[];
  readonly n: number | null;
}

function decodeStanding(row: StandingRow): Standing {
  if ('newest' in row) return { kind: 'joined', ...row };
  if (!('copies' in row)) return { kind: 'absent', ...row };
  const copies = row.copies.map(([serial, changed]) => ({
    serial: encodeSerial(serial),
    changed: encodeVersion(changed),
  }));
  return { kind: 'apart', mark: row.mark, copies };
}

function decodeSettled({ f, m, n }: SettledRow): Settled {
  const next = n === null ? undefined : Math.floor(n / TICKS_PER_MS);
  return { fence: f, entries: m.map(decodeEntry), next };
}

function encodeCopies(copies: readonly Copy[]): readonly string[] {
  return [
    String(copies.length),
    ...copies.flatMap(({ serial, changed }) => [tickOf(serial), tickOf(changed)]),
  ];
}
