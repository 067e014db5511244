import type { Annotation, Message } from '@holdfast/channel';
import { decodeVersion, type Entry } from '@holdfast/channel/engine';
import { encodeContent, encodeData, encodeSerial } from './encode-operations.ts';
import { rowsOf } from './summary.ts';
import { escapeText } from './text.ts';

/** A message from elsewhere, as scripts/tier.ts takes it in. */
export function encodeEntry({ stored, annotations }: Entry): readonly string[] {
  const { message, rewritten, owner, fingerprint, bytes } = stored;
  const { serial, version, id, name, headers, timestamp, claims } = message;
  const [data = '', length = ''] = encodeData(message.data);
  const fixed = [
    escapeText(id),
    JSON.stringify(name),
    JSON.stringify(headers),
    fingerprint,
    String(timestamp),
    claims === undefined ? '' : JSON.stringify(claims),
  ];
  const { version: annotated, types } = message.annotations ?? { version: '0', types: {} };
  return [
    encodeSerial(serial),
    tickOf(version),
    tickOf(rewritten),
    length,
    String(bytes),
    standingOf(message),
    tickOf(annotated),
    escapeText(owner),
    escapeText(id),
    fixed.join('\n'),
    data,
    rowsOf(types)
      .map((row) => `\n${JSON.stringify(row)}`)
      .join(''),
    String(annotations.length),
    ...annotations.flatMap(encodeAnnotation),
  ];
}

function encodeAnnotation(annotation: Annotation): readonly string[] {
  const { id, version, timestamp, clientId } = annotation;
  const client = JSON.stringify(clientId === undefined ? '' : `=${clientId}`);
  const field = [`${tickOf(version)} ${timestamp}`, client, ...encodeContent(annotation)];
  return [escapeText(id), tickOf(version), field.join('\n')];
}

function standingOf({ deleted, sealed }: Message): string {
  if (deleted === true) return sealed === true ? 'x' : 'd';
  return sealed === true ? 's' : 'l';
}

function tickOf(version: string): string {
  return String(decodeVersion(version) ?? 0);
}
