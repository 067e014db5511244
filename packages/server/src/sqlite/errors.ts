import { ChannelError, isChannelError, type ChannelErrorCode } from '@holdfast/channel';

interface Meaning {
  /** SQLite's name of the result code. */
  readonly sqlite: string;
  readonly code: ChannelErrorCode;
  readonly message: string;
  /** The option at fault, for `invalid`. */
  readonly path?: string;
}

const CANNOT_OPEN = 14;

const TAKEN = 'The database file is in use. One engine at a time may have it open: close the other one.';
const NO_ROOM = 'The disk has no room left for the database. Nothing was stored; make room and try again.';
const NOT_CONFIRMED = 'The disk did not confirm the write: it may or may not outlive a crash of the machine.';

/** By SQLite's result code; an extended code that is not listed counts as its primary one (the low eight bits). */
export const SQLITE_ERRORS: ReadonlyMap<number, Meaning> = new Map<number, Meaning>([
  [5, { sqlite: 'SQLITE_BUSY', code: 'unavailable', message: TAKEN }],
  [6, { sqlite: 'SQLITE_LOCKED', code: 'unavailable', message: TAKEN }],
  [15, { sqlite: 'SQLITE_PROTOCOL', code: 'unavailable', message: TAKEN }],
  [
    7,
    {
      sqlite: 'SQLITE_NOMEM',
      code: 'unavailable',
      message: 'The process has no memory left for the database.',
    },
  ],
  [8, { sqlite: 'SQLITE_READONLY', code: 'unavailable', message: 'The database file may not be written.' }],
  [
    CANNOT_OPEN,
    {
      sqlite: 'SQLITE_CANTOPEN',
      code: 'unavailable',
      message: 'The database file cannot be opened. It must be a file, and its folder must be writable.',
    },
  ],
  [13, { sqlite: 'SQLITE_FULL', code: 'storage_full', message: NO_ROOM }],
  [
    10,
    {
      sqlite: 'SQLITE_IOERR',
      code: 'unavailable',
      message: 'The disk failed to read or write the database. Nothing was stored.',
    },
  ],
  // SQLite tells a full disk apart, but not a quota or a size limit of the file system.
  [
    778,
    {
      sqlite: 'SQLITE_IOERR_WRITE',
      code: 'storage_full',
      message: 'The disk refused the write: a quota, a size limit or a fault. Nothing was stored.',
    },
  ],
  [1034, { sqlite: 'SQLITE_IOERR_FSYNC', code: 'unknown_outcome', message: NOT_CONFIRMED }],
  [1290, { sqlite: 'SQLITE_IOERR_DIR_FSYNC', code: 'unknown_outcome', message: NOT_CONFIRMED }],
  [
    3850,
    { sqlite: 'SQLITE_IOERR_LOCK', code: 'unavailable', message: 'The database file cannot be locked.' },
  ],
  [
    18,
    { sqlite: 'SQLITE_TOOBIG', code: 'too_large', message: 'The message is larger than SQLite can store.' },
  ],
  [
    11,
    {
      sqlite: 'SQLITE_CORRUPT',
      code: 'internal',
      message: 'The database file is damaged. Restore a copy.',
    },
  ],
  [
    26,
    {
      sqlite: 'SQLITE_NOTADB',
      code: 'invalid',
      message: 'The file is not a SQLite database.',
      path: 'path',
    },
  ],
]);

const OTHERWISE: Meaning = { sqlite: '', code: 'internal', message: 'The SQLite engine failed.' };

/** What went wrong in the driver, in the channel's terms; a ChannelError stays as it is. */
export function toChannelError(error: unknown): ChannelError {
  return isChannelError(error) ? error : channelError(resultCode(error), error);
}

/** What kept the driver's constructor from opening the file: it tells the result code only at the end of its text. */
export function toOpenError(error: unknown): ChannelError {
  const told = error instanceof Error ? /: (\d+)"?\)?$/.exec(error.message)?.[1] : undefined;
  return channelError(told === undefined ? CANNOT_OPEN : Number(told), error);
}

function channelError(result: number, cause: unknown): ChannelError {
  const { code, message, path } = SQLITE_ERRORS.get(result) ?? SQLITE_ERRORS.get(result & 0xff) ?? OTHERWISE;
  return new ChannelError(code, message, path === undefined ? { cause } : { cause, path });
}

function resultCode(error: unknown): number {
  return error instanceof Error && 'rawCode' in error && typeof error.rawCode === 'number'
    ? error.rawCode
    : 0;
}
