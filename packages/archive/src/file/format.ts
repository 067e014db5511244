import type { JsonValue } from '@holdfast/channel';
import type { RunId } from '@holdfast/core';
import { ArchiveError } from '../archive-error.ts';
import type { ArchivedMessage } from '../archive.ts';

/** First line of an export. */
export interface FileHead {
  readonly format: 'holdfast-session';
  readonly version: 1;
  readonly session: string;
}

/** Last line: a file that was cut short has none. */
export interface FileEnd {
  readonly messages: number;
}

export function headOf(session: string): FileHead {
  return { format: 'holdfast-session', version: 1, session };
}

/** @throws ArchiveError `invalid` */
export function checkHead(value: unknown): void {
  const { format, version } = fieldsOf(value);
  if (format !== 'holdfast-session')
    throw new ArchiveError('invalid', "The file is no session's: its first line says nothing of the format.");
  if (version !== 1)
    throw new ArchiveError(
      'invalid',
      `The file has version ${JSON.stringify(version)} of the format; this reads version 1.`,
    );
}

/** One message: of the session, or of the reasoning of one of its runs. */
export interface FileEntry extends ArchivedMessage {
  readonly run?: RunId;
}

/** @throws ArchiveError `invalid` */
export function readEntry(value: unknown, line: number): FileEntry {
  const { message, annotations, run } = fieldsOf(value);
  const { serial, version, id, name, headers, timestamp, data } = fieldsOf(message);
  const isMessage =
    [serial, version, id, name].every((field) => typeof field === 'string' && field !== '') &&
    typeof timestamp === 'number' &&
    typeof headers === 'object' &&
    headers !== null &&
    data !== undefined;
  const isOfRun = run === undefined || (typeof run === 'string' && run !== '');
  if (!isMessage || !isOfRun || !Array.isArray(annotations))
    throw new ArchiveError('invalid', `Line ${line} of the file is no message.`);
  return value as FileEntry;
}

export function readEnd(value: unknown): FileEnd | undefined {
  const { messages } = fieldsOf(value);
  return typeof messages === 'number' ? { messages } : undefined;
}

function fieldsOf(value: unknown): { readonly [field: string]: JsonValue | undefined } {
  return typeof value === 'object' && value !== null
    ? (value as { readonly [field: string]: JsonValue | undefined })
    : {};
}
