import type { Database } from './database.ts';

/** How much is on disk when a commit is told: everything, or what outlives the process but not a loss of power. */
export type Synchronous = 'full' | 'normal';

/** A minute of ticks: how far `normal` goes between two reservations. */
const RESERVE = 60_000 * 1024;

interface FileRow {
  readonly epoch: string;
  /** The highest tick issued, as of the last commit. */
  readonly tick: number;
  /** Ticks up to here may have been issued by commits that a loss of power took back; null where there are none. */
  readonly reserved: number | null;
}

/** What a file knows about itself: the epoch of its positions, and how far its ticks were issued. */
export interface FileState {
  readonly epoch: string;
  /** No tick up to this one may be issued again. */
  readonly tick: number;
  /** Before a transaction that may issue `tick`: sees to it that the file will know, whatever is lost. */
  reserve(tick: number): void;
  /** In a transaction: the highest tick that it has issued. */
  raise(tick: number): void;
  /** Everything is on disk: nothing can be taken back any more. */
  close(): void;
}

/**
 * Under `full` a commit is on disk when it returns, and its tick with it. Under `normal` a loss of power may take the
 * last commits back, ticks and all. So a reservation is on disk before ticks are issued; whoever finds one left over
 * issues higher ones, and starts a new epoch, so that readers who saw what is gone get a gap.
 */
export function openFileState(database: Database, synchronous: Synchronous): FileState {
  const row = database.prepare<FileRow>('SELECT epoch, tick, reserved FROM file').get();
  const setReserved = database.prepare('UPDATE file SET reserved = ?');
  const setTick = database.prepare('UPDATE file SET tick = ?');
  let epoch = row?.epoch;
  let tick = row?.tick ?? 0;
  let reserved = row?.reserved ?? 0;

  database.exec('PRAGMA synchronous = FULL');
  if (epoch === undefined) {
    // A new file, or a copy whose owner took the row away so that positions of the original don't fit it.
    const highest = database.prepare<{ tick: number | null }>('SELECT max(changed) AS tick FROM messages');
    tick = highest.get()?.tick ?? 0;
    epoch = createEpoch();
    database.prepare('INSERT INTO file (one, epoch, tick) VALUES (1, ?, ?)').run(epoch, tick);
  } else if (reserved > 0) {
    tick = Math.max(tick, reserved);
    epoch = createEpoch();
    const left = synchronous === 'normal' ? reserved : null;
    database.prepare('UPDATE file SET epoch = ?, tick = ?, reserved = ?').run(epoch, tick, left);
  }
  if (synchronous === 'full')
    return { epoch, tick, reserve: () => {}, raise: (last) => setTick.run(last), close: () => {} };

  database.exec('PRAGMA synchronous = NORMAL');
  const writeReserved = (until: number | null): void => {
    database.exec('PRAGMA synchronous = FULL');
    try {
      setReserved.run(until);
    } finally {
      database.exec('PRAGMA synchronous = NORMAL');
    }
  };
  return {
    epoch,
    tick,
    reserve(next) {
      // Half of it is left for what the transaction itself issues.
      if (next + RESERVE / 2 <= reserved) return;
      writeReserved(next + RESERVE);
      reserved = next + RESERVE;
    },
    raise: (last) => setTick.run(last),
    close: () => writeReserved(null),
  };
}

function createEpoch(): string {
  return crypto.getRandomValues(new Uint32Array(2)).join('-');
}
