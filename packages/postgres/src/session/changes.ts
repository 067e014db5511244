import type { Position } from '@holdfast/channel';
import {
  encodePosition,
  encodeSerial,
  encodeVersion,
  type Change,
  decodeText,
} from '@holdfast/channel/engine';
import { entryFrom, summaryOf, type Entry } from '../storage/message-row.ts';
import type { ChangedRow } from '../storage/store.ts';

/** Where a session's changes start from: the tick after its head is never issued. */
export function after(tick: number): number {
  return tick + 1;
}

/**
 * What changed in a session since a tick, as tails are told: state after state. Appends and new messages come at their own
 * ticks. What is known in its latest state only comes before them, at the tick that no change has: so nothing overtakes
 * what was stored before it, and whoever goes on from any of the positions misses nothing.
 */
export function changesOf(rows: readonly ChangedRow[], since: number, epoch: string): readonly Change[] {
  const at = (tick: number): Position => encodePosition(epoch, tick);
  const first = after(since);
  const changes = rows.flatMap((row): { readonly tick: number; readonly change: Change }[] => {
    const whole = wholeOf(row);
    if (whole !== undefined) {
      const tick = Math.max(first, Number(row.serial));
      return [{ tick, change: { kind: 'message', message: whole.stored.message, position: at(tick) } }];
    }
    const serial = encodeSerial(Number(row.serial));
    const summary = summaryOf(row);
    const growth = row.growth ?? [];
    return [
      ...(summary !== undefined && summary.version > encodeVersion(since)
        ? [{ tick: first, change: { kind: 'annotations', serial, summary, position: at(first) } } as const]
        : []),
      ...growth.map(([tick, offset, text], index) => {
        const version = encodeVersion(index < growth.length - 1 ? tick : Number(row.version));
        const data = decodeText(text);
        return {
          tick,
          change: { kind: 'append', serial, version, data, offset, position: at(tick) },
        } as const;
      }),
    ];
  });
  return changes.toSorted((a, b) => a.tick - b.tick).map(({ change }) => change);
}

/** The message, where the row has it whole. */
export function wholeOf(row: ChangedRow): Entry | undefined {
  return row.body === null ? undefined : entryFrom({ ...row, body: row.body });
}
