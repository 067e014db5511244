import type { AnnotationSummary, Claims, Headers, JsonValue, Message } from '@holdfast/channel';
import {
  encodeSerial,
  encodeVersion,
  type Stored,
  decodeText,
  encodeText,
  tickOf,
} from '@holdfast/channel/engine';
import type { Value } from './database.ts';

/** A row of `messages`, in the order of its columns. */
export interface MessageRow {
  readonly serial: number;
  readonly channel: string;
  readonly id: string;
  readonly owner: string;
  readonly fingerprint: string;
  readonly name: string;
  readonly client_id: string | null;
  readonly claims: string | null;
  readonly timestamp: number;
  readonly version: number;
  readonly rewritten: number;
  readonly changed: number;
  readonly deleted: number;
  readonly sealed: number;
  readonly headers: string;
  readonly annotations: string | null;
  readonly bytes: number;
  readonly length: number | null;
  readonly folded: number;
}

/** What of a message never changes after its create. */
export function fixedColumns(channel: string, { message, owner, fingerprint }: Stored): Value[] {
  return [
    tickOf(message.serial),
    encodeText(channel),
    encodeText(message.id),
    encodeText(owner),
    fingerprint,
    message.clientId === undefined ? null : encodeText(message.clientId),
    message.claims === undefined ? null : JSON.stringify(message.claims),
    message.timestamp,
  ];
}

/** What may change, without `folded`. */
export function changingColumns({ message, rewritten, changed, bytes }: Stored): Value[] {
  return [
    encodeText(message.name),
    tickOf(message.version),
    tickOf(rewritten),
    tickOf(changed),
    message.deleted === true ? 1 : 0,
    message.sealed === true ? 1 : 0,
    JSON.stringify(message.headers),
    message.annotations === undefined ? null : JSON.stringify(message.annotations),
    bytes,
    lengthOf(message.data),
  ];
}

export function storedFrom(row: MessageRow, data: JsonValue): Stored {
  const message: Message = {
    serial: encodeSerial(row.serial),
    version: encodeVersion(row.version),
    id: decodeText(row.id),
    name: decodeText(row.name),
    data,
    headers: JSON.parse(row.headers) as Headers,
    timestamp: row.timestamp,
    ...(row.client_id !== null && { clientId: decodeText(row.client_id) }),
    ...(row.claims !== null && { claims: JSON.parse(row.claims) as Claims }),
    ...(row.deleted === 1 && { deleted: true }),
    ...(row.sealed === 1 && { sealed: true }),
    ...(row.annotations !== null && { annotations: JSON.parse(row.annotations) as AnnotationSummary }),
  };
  return {
    message,
    rewritten: encodeVersion(row.rewritten),
    changed: encodeVersion(row.changed),
    owner: decodeText(row.owner),
    fingerprint: row.fingerprint,
    bytes: row.bytes,
  };
}

export function encodeBody(data: JsonValue): string {
  return typeof data === 'string' ? encodeText(data) : JSON.stringify(data);
}

/** In UTF-16 code units; null for data that is no string. */
export function lengthOf(data: JsonValue): number | null {
  return typeof data === 'string' ? data.length : null;
}
