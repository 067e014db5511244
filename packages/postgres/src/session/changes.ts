import type { AnnotationSummary } from '@holdfast/channel';
import { encodePosition, encodeSerial, encodeVersion, type Change } from '@holdfast/channel/engine';
import { entryFrom, textOf, type Entry } from '../storage/message-row.ts';
import type { ChangedRow } from '../storage/store.ts';

/** What changed in a session since a tick, as tails are told: state after state, in the order of the last changes. */
export function changesOf(rows: readonly ChangedRow[], since: number, epoch: string): readonly Change[] {
  const changes = rows.flatMap((row): { tick: number; change: Change }[] => {
    const at = (tick: number) => ({ tick, position: encodePosition(epoch, tick) });
    const entry = wholeOf(row);
    if (entry !== undefined) {
      const { tick, position } = at(Number(row.changed));
      return [{ tick, change: { kind: 'message', message: entry.stored.message, position } }];
    }
    const serial = encodeSerial(Number(row.serial));
    const told: { tick: number; change: Change }[] = [];
    if (row.start !== null) {
      const { tick, position } = at(Number(row.version));
      const version = encodeVersion(tick);
      const data = textOf(row.tail ?? []);
      told.push({ tick, change: { kind: 'append', serial, version, data, offset: row.start, position } });
    }
    const summary = row.annotations === null ? undefined : (JSON.parse(row.annotations) as AnnotationSummary);
    if (summary !== undefined && summary.version > encodeVersion(since)) {
      const { tick, position } = at(Number(row.changed));
      told.push({ tick, change: { kind: 'annotations', serial, summary, position } });
    }
    return told;
  });
  return changes.toSorted((a, b) => a.tick - b.tick).map(({ change }) => change);
}

/** The message, where the row has it whole. */
export function wholeOf(row: ChangedRow): Entry | undefined {
  return row.body === null ? undefined : entryFrom({ ...row, body: row.body });
}
