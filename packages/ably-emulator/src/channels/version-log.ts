import type { Message, Serial } from '@holdfast/channel';

/**
 * Earlier versions of messages, for as long as the server lives: an engine keeps the latest one. A run of appends is one
 * version.
 */
export interface VersionLog {
  /** Told of each change, with the message as it was before. */
  changed(before: Message, change: 'append' | 'rewrite'): void;
  /** Oldest first, without the latest. */
  of(serial: Serial): readonly Message[];
}

interface Entry {
  readonly earlier: Message[];
  appending: boolean;
}

export function createVersionLog(): VersionLog {
  const entries = new Map<Serial, Entry>();
  return {
    changed(before, change) {
      const entry = entries.get(before.serial) ?? { earlier: [], appending: false };
      entries.set(before.serial, entry);
      if (change === 'append' && entry.appending) return;
      entry.earlier.push(before);
      entry.appending = change === 'append';
    },
    of: (serial) => entries.get(serial)?.earlier ?? [],
  };
}
