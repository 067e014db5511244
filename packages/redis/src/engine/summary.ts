import type {
  AnnotationSummary,
  AnnotationSummaryValue,
  ClientsSummary,
  CountsSummary,
  TotalSummary,
} from '@holdfast/channel';

/** What one client (`=` and its id; empty for unidentified ones) has counted of a type under a name. */
export type CountRow = readonly [type: string, name: string, client: string, count: number];

/** The summaries that rows of counts stand for. */
export function summaryOf(rows: readonly CountRow[]): AnnotationSummary['types'] {
  return Object.fromEntries(
    [...group(rows, ([type]) => type)].map(([type, own]) => [type, valueOf(type, own)]),
  );
}

/** The rows that summaries come from. */
export function rowsOf(types: AnnotationSummary['types']): readonly CountRow[] {
  return Object.entries(types).flatMap(([type, value]) => countsIn(type, value));
}

function countsIn(type: string, value: AnnotationSummaryValue): readonly CountRow[] {
  if (type.endsWith(':total.v1')) return [[type, '', '', (value as TotalSummary).total]];
  if (type.endsWith(':flag.v1')) return clientRows(type, '', value as ClientsSummary);
  return Object.entries(value as Readonly<Record<string, ClientsSummary | CountsSummary>>).flatMap(
    ([name, own]) => ('totalUnidentified' in own ? countRows(type, name, own) : clientRows(type, name, own)),
  );
}

function clientRows(type: string, name: string, { clientIds }: ClientsSummary): readonly CountRow[] {
  return clientIds.map((client) => [type, name, `=${client}`, 1]);
}

function countRows(
  type: string,
  name: string,
  { clientIds, totalUnidentified }: CountsSummary,
): readonly CountRow[] {
  const own = Object.entries(clientIds).map(([client, count]): CountRow => [type, name, `=${client}`, count]);
  return totalUnidentified === 0 ? own : [...own, [type, name, '', totalUnidentified]];
}

function valueOf(type: string, rows: readonly CountRow[]): AnnotationSummaryValue {
  if (type.endsWith(':total.v1')) return { total: rows[0]?.[3] ?? 0 };
  if (type.endsWith(':flag.v1')) return clientsOf(rows);
  return type.endsWith(':multiple.v1') ? byName(rows, countsOf) : byName(rows, clientsOf);
}

function byName<T>(
  rows: readonly CountRow[],
  summarise: (rows: readonly CountRow[]) => T,
): Readonly<Record<string, T>> {
  return Object.fromEntries(
    [...group(rows, ([, name]) => name)].map(([name, own]) => [name, summarise(own)]),
  );
}

function clientsOf(rows: readonly CountRow[]) {
  return { total: rows.length, clientIds: rows.map(([, , client]) => client.slice(1)) };
}

function countsOf(rows: readonly CountRow[]) {
  const identified = rows.filter(([, , client]) => client !== '');
  return {
    total: rows.reduce((sum, [, , , count]) => sum + count, 0),
    clientIds: Object.fromEntries(identified.map(([, , client, count]) => [client.slice(1), count])),
    totalUnidentified: rows.find(([, , client]) => client === '')?.[3] ?? 0,
  };
}

function group(
  rows: readonly CountRow[],
  by: (row: CountRow) => string,
): ReadonlyMap<string, readonly CountRow[]> {
  const groups = new Map<string, CountRow[]>();
  for (const row of rows) {
    const own = groups.get(by(row));
    if (own === undefined) groups.set(by(row), [row]);
    else own.push(row);
  }
  return groups;
}
