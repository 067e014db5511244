import type { AnnotationSummary, Claims, Headers, JsonValue, Message } from '@holdfast/channel';
import { encodeSerial, encodeVersion, type Stored, decodeText } from '@holdfast/channel/engine';

/** What a message counts in memory beside its data. */
export const ENTRY_BYTES = 512;

/** A message without its data, as JSON or the driver gives it: ticks are numbers or, from the driver, digits. */
export interface MessageRow {
  readonly serial: number | string;
  readonly id: string;
  readonly owner: string;
  readonly fingerprint: string;
  readonly client_id: string | null;
  readonly claims: string | null;
  readonly timestamp: number;
  readonly name: string;
  readonly headers: string;
  readonly annotations: string | null;
  readonly version: number | string;
  readonly rewritten: number | string;
  readonly changed: number | string;
  readonly deleted: boolean;
  readonly sealed: boolean;
  readonly bytes: number;
  readonly length: number | null;
  readonly folded: number;
}

/** With its data: the appends that the body lacks, in order. */
export interface WholeRow extends MessageRow {
  readonly body: string;
  readonly tail: readonly string[] | null;
}

/** A message in memory, and how much of its data lies in its body on disk, in UTF-16 code units. */
export interface Entry {
  readonly stored: Stored;
  readonly folded: number;
}

export function entryFrom(row: WholeRow): Entry {
  return { stored: storedFrom(row, dataOf(row)), folded: row.folded };
}

function dataOf({ body, tail, length }: WholeRow): JsonValue {
  if (length === null) return JSON.parse(body) as JsonValue;
  return (tail ?? []).reduce((text, piece) => text + decodeText(piece), decodeText(body));
}

export function summaryOf({ annotations }: MessageRow): AnnotationSummary | undefined {
  return annotations === null ? undefined : (JSON.parse(annotations) as AnnotationSummary);
}

function storedFrom(row: MessageRow, data: JsonValue): Stored {
  const annotations = summaryOf(row);
  const message: Message = {
    serial: encodeSerial(Number(row.serial)),
    version: encodeVersion(Number(row.version)),
    id: decodeText(row.id),
    name: decodeText(row.name),
    data,
    headers: JSON.parse(row.headers) as Headers,
    timestamp: row.timestamp,
    ...(row.client_id !== null && { clientId: decodeText(row.client_id) }),
    ...(row.claims !== null && { claims: JSON.parse(row.claims) as Claims }),
    ...(row.deleted && { deleted: true }),
    ...(row.sealed && { sealed: true }),
    ...(annotations !== undefined && { annotations }),
  };
  return {
    message,
    rewritten: encodeVersion(Number(row.rewritten)),
    changed: encodeVersion(Number(row.changed)),
    owner: decodeText(row.owner),
    fingerprint: row.fingerprint,
    bytes: row.bytes,
  };
}

/** In UTF-16 code units; null for data that is no string. */
export function lengthOf(data: JsonValue): number | null {
  return typeof data === 'string' ? data.length : null;
}
