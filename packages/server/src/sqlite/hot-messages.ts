import { ENTRY_BYTES, type Entry } from './messages.ts';

/**
 * Messages in use, by serial, so that an append reads nothing from disk. What a transaction stages shows at once, and
 * stays or goes with the transaction.
 */
export interface HotMessages {
  find(serial: number): Entry | undefined;
  /** Keeps what is on disk. */
  keep(serial: number, entry: Entry): void;
  stage(serial: number, entry: Entry): void;
  settle(): void;
  discard(): void;
}

/** Holds at most about `maxBytes` of settled messages: those that were used last. */
export function createHotMessages(maxBytes: number): HotMessages {
  const settled = new Map<number, Entry>();
  const staged = new Map<number, Entry>();
  let bytes = 0;

  const drop = (serial: number): void => {
    const entry = settled.get(serial);
    if (entry !== undefined) bytes -= sizeOf(entry);
    settled.delete(serial);
  };

  const keep = (serial: number, entry: Entry): void => {
    drop(serial);
    settled.set(serial, entry);
    bytes += sizeOf(entry);
    for (const oldest of settled.keys()) {
      if (bytes <= maxBytes) return;
      drop(oldest);
    }
  };

  return {
    find(serial) {
      const entry = staged.get(serial) ?? settled.get(serial);
      if (entry !== undefined && !staged.has(serial)) {
        settled.delete(serial);
        settled.set(serial, entry);
      }
      return entry;
    },
    keep,
    stage: (serial, entry) => void staged.set(serial, entry),
    settle() {
      for (const [serial, entry] of staged) keep(serial, entry);
      staged.clear();
    },
    discard: () => staged.clear(),
  };
}

function sizeOf({ stored }: Entry): number {
  return stored.bytes + ENTRY_BYTES;
}
