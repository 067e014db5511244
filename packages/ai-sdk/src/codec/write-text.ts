import { type JsonObject, toPlain } from '@holdfast/codec';
import { toFields, UNPLACED, UNSHOWN, withoutKnown, type PlainChunk } from './fields.ts';
import type { OpenPart } from './log-state.ts';
import type { DeltaRow } from './table.ts';
import type { TrackedLog } from './tracked-log.ts';

/** A chunk as it is: of an unknown type, or one of a known type that has no place in the log. */
export function writeRaw(log: TrackedLog, chunk: unknown, of = UNPLACED): void {
  log.control('raw', toPlain(chunk), { of });
}

/** A delta costs its text; what comes beside it is written where it changed. */
export function writeDelta(log: TrackedLog, row: DeltaRow, chunk: Readonly<Record<string, unknown>>): void {
  const part = log.find(row.kind, chunk[row.id]);
  const delta = chunk[row.delta];
  if (part === undefined || typeof delta !== 'string') return writeRaw(log, chunk);
  // An empty delta shows only where it is the first one of an input.
  const isShown = delta !== '' || part.kind !== 'input' || part.text !== undefined;
  if (isShown) log.text(part.n, delta);
  else log.control('on', part.n, {});
  if (Object.keys(chunk).length > 3) writeBeside(log, part, row, toPlain(chunk) as PlainChunk);
}

/** What may come with a delta. */
const BESIDE = { providerMetadata: 'pm' };

function writeBeside(log: TrackedLog, { n, kind }: OpenPart, row: DeltaRow, chunk: PlainChunk): void {
  if (kind === 'input') return;
  const fields = toFields(chunk, BESIDE, UNSHOWN, ['type', row.id, row.delta]);
  const news = withoutKnown(fields, log.said.get(n) ?? {});
  if (Object.keys(news).length > 0) log.control('on', n, news);
}

export function writeClose(log: TrackedLog, kind: string, chunk: PlainChunk, fields: JsonObject): void {
  const part = log.find(kind, chunk['id']);
  if (part === undefined) return writeRaw(log, chunk);
  log.control('close', part.n, withoutKnown(fields, log.said.get(part.n) ?? {}));
}
