import { ENTRY_BYTES, type Entry } from '../storage/message-row.ts';

/** Messages in use, by session and serial, so that an append reads nothing. What was used last stays. */
export interface HotMessages {
  find(key: string): Entry | undefined;
  keep(key: string, entry: Entry): void;
  drop(key: string): void;
}

/** Holds at most about `maxBytes`. */
export function createHotMessages(maxBytes: number): HotMessages {
  const entries = new Map<string, Entry>();
  let bytes = 0;

  const drop = (key: string): void => {
    const entry = entries.get(key);
    if (entry === undefined) return;
    bytes -= sizeOf(entry);
    entries.delete(key);
  };

  return {
    find(key) {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      entries.delete(key);
      entries.set(key, entry);
      return entry;
    },
    keep(key, entry) {
      drop(key);
      entries.set(key, entry);
      bytes += sizeOf(entry);
      for (const oldest of entries.keys()) {
        if (bytes <= maxBytes) return;
        drop(oldest);
      }
    },
    drop,
  };
}

function sizeOf({ stored }: Entry): number {
  return stored.bytes + ENTRY_BYTES;
}
