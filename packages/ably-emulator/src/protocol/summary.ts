import type { AnnotationSummaryValue, CountsSummary } from '@holdfast/channel';
import type { JsonObject } from './content.ts';

/** Summaries as Ably has them: nothing is clipped here, and counts say how many clients there are. */
export function toWireSummary(types: Readonly<Record<string, AnnotationSummaryValue>>): JsonObject {
  return Object.fromEntries(Object.entries(types).map(([type, value]) => [type, toWireValue(value)]));
}

function toWireValue(value: AnnotationSummaryValue): JsonObject {
  if (isTotal(value)) return 'clientIds' in value ? { ...value, clipped: false } : { ...value };
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [
      name,
      isCounts(entry)
        ? { ...entry, clipped: false, totalClientIds: Object.keys(entry.clientIds).length }
        : { ...entry, clipped: false },
    ]),
  );
}

/** A total or a set of clients, not a record of them by name. */
function isTotal(
  value: AnnotationSummaryValue,
): value is Extract<AnnotationSummaryValue, { readonly total: number }> {
  return typeof value['total' as keyof typeof value] === 'number';
}

function isCounts(value: object): value is CountsSummary {
  return 'totalUnidentified' in value;
}
