import type { Annotation, Claims, Headers, JsonValue, Message, Serial, Version } from '@holdfast/channel';
import {
  encodePosition,
  encodeSerial,
  encodeVersion,
  type Change,
  type ChangedMessage,
  type Entry,
} from '@holdfast/channel/engine';
import { summaryOf, type CountRow } from './summary.ts';

/** A message as `message_json` of the scripts writes it; versions and serials are ticks. */
export type MessageRow = readonly [
  serial: number,
  version: number,
  rewritten: number,
  standing: 'l' | 'd' | 's' | 'x',
  owner: string,
  id: string,
  name: string,
  headers: Headers,
  timestamp: number,
  claims: Claims | null,
  data: JsonValue,
  annotated: number,
  rows: readonly CountRow[],
];

export type ChangeRow =
  | readonly [kind: 'm', message: MessageRow]
  | readonly [kind: 'a', serial: number, version: number, offset: number, data: string]
  | readonly [kind: 'n', serial: number, version: number, rows: readonly CountRow[]];

export type AnnotationRow = readonly [
  id: string,
  version: number,
  timestamp: number,
  client: string,
  hasData: 0 | 1,
  content: readonly [
    action: Annotation['action'],
    type: Annotation['type'],
    name: string | null,
    count: number | null,
    data: JsonValue,
  ],
];

/** A message as the hot engine of two hands it on. */
export type EntryRow = readonly [
  message: MessageRow,
  fingerprint: string,
  bytes: number,
  annotations: readonly AnnotationRow[],
];

const CLIENT = 'client:';

export function decodeMessage(row: MessageRow): ChangedMessage {
  const [serial, version, rewritten, standing, owner, id, name, headers, timestamp, claims, data] = row;
  const [annotated, rows] = [row[11], row[12]];
  const message: Message = {
    serial: encodeSerial(serial),
    version: encodeVersion(version),
    id,
    name,
    data,
    headers,
    timestamp,
    ...(owner.startsWith(CLIENT) && { clientId: owner.slice(CLIENT.length) }),
    ...(claims !== null && { claims }),
    ...((standing === 'd' || standing === 'x') && { deleted: true }),
    ...((standing === 's' || standing === 'x') && { sealed: true }),
    ...(annotated !== 0 && { annotations: { version: encodeVersion(annotated), types: summaryOf(rows) } }),
  };
  return { message, rewritten: encodeVersion(rewritten) };
}

export function decodeEntry([row, fingerprint, bytes, annotations]: EntryRow): Entry {
  const { message, rewritten } = decodeMessage(row);
  const [, version, , , owner] = row;
  const changed = encodeVersion(Math.max(version, row[11]));
  return {
    stored: { message, rewritten, changed, owner, fingerprint, bytes },
    annotations: annotations.map((each) => decodeAnnotation(message.serial, each)),
  };
}

export function decodeChange(epoch: string, row: ChangeRow): Change {
  switch (row[0]) {
    case 'm': {
      const { message } = decodeMessage(row[1]);
      return { kind: 'message', message, position: encodePosition(epoch, row[1][1]) };
    }
    case 'a': {
      const [, tick, change, offset, data] = row;
      return { kind: 'append', ...at(epoch, tick, change), offset, data };
    }
    case 'n': {
      const [, tick, change, rows] = row;
      const { serial, version, position } = at(epoch, tick, change);
      return { kind: 'annotations', serial, summary: { version, types: summaryOf(rows) }, position };
    }
  }
}

export function decodeAnnotation(serial: Serial, row: AnnotationRow): Annotation {
  const [id, version, timestamp, client, hasData, [action, type, name, count, data]] = row;
  return {
    action,
    id,
    serial,
    version: encodeVersion(version),
    type,
    ...(name !== null && { name }),
    ...(count !== null && { count }),
    ...(hasData === 1 && { data }),
    ...(client !== '' && { clientId: client.slice(1) }),
    timestamp,
  };
}

function at(epoch: string, serial: number, version: number) {
  return {
    serial: encodeSerial(serial),
    version: encodeVersion(version) satisfies Version,
    position: encodePosition(epoch, version),
  };
}
