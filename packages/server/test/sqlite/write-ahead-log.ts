import { readFileSync } from 'node:fs';

const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;

export interface WriteAheadLog {
  /** Transactions: with `synchronous=FULL` each is one fsync. */
  readonly commits: number;
  readonly bytes: number;
}

/**
 * What a database's log says was written since it was last folded into the file.
 * https://sqlite.org/fileformat2.html#the_write_ahead_log
 */
export function readWriteAheadLog(path: string): WriteAheadLog {
  const log = readFileSync(`${path}-wal`);
  const frameBytes = FRAME_HEADER_BYTES + log.readUInt32BE(8);
  const salt = log.subarray(16, 24);
  let commits = 0;
  let at = HEADER_BYTES;
  // Frames of before the last reset have another salt.
  for (; at + frameBytes <= log.length && salt.equals(log.subarray(at + 8, at + 16)); at += frameBytes)
    if (log.readUInt32BE(at + 4) !== 0) commits += 1;
  return { commits, bytes: at };
}
