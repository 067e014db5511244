import type { AnnotationSummaryValue, ClientsSummary, CountsSummary } from '@holdfast/channel';
import { isRecord, type UnknownRecord } from './record.ts';
import { decodeText } from './text.ts';

export type SummaryTypes = Readonly<Record<string, AnnotationSummaryValue>>;

/** Ably's summaries by type, without what only tells that they were clipped. Methods that are new are passed over. */
export function decodeSummary(summary: UnknownRecord): SummaryTypes {
  return Object.fromEntries(
    Object.entries(summary).flatMap(([type, value]) => {
      const decoded = isRecord(value) ? decodeValue(/:([a-z]+)\.v1$/.exec(type)?.[1], value) : undefined;
      return decoded === undefined ? [] : [[type, decoded]];
    }),
  );
}

function decodeValue(method: string | undefined, value: UnknownRecord): AnnotationSummaryValue | undefined {
  switch (method) {
    case 'total':
      return { total: Number(value['total'] ?? 0) };
    case 'flag':
      return clientsOf(value);
    case 'distinct':
    case 'unique':
      return byName(value, clientsOf);
    case 'multiple':
      return byName(value, countsOf);
    default:
      return undefined;
  }
}

function byName<S>(value: UnknownRecord, decode: (entry: UnknownRecord) => S): Readonly<Record<string, S>> {
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, entry]) =>
      isRecord(entry) ? [[decodeText(name), decode(entry)] as const] : [],
    ),
  );
}

function clientsOf({ total, clientIds }: UnknownRecord): ClientsSummary {
  return { total: Number(total ?? 0), clientIds: Array.isArray(clientIds) ? clientIds.map(String) : [] };
}

function countsOf({ total, clientIds, totalUnidentified }: UnknownRecord): CountsSummary {
  const counts = isRecord(clientIds) ? Object.entries(clientIds) : [];
  return {
    total: Number(total ?? 0),
    clientIds: Object.fromEntries(counts.map(([id, count]) => [id, Number(count)])),
    totalUnidentified: Number(totalUnidentified ?? 0),
  };
}
