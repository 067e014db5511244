import type { Serial } from '@holdfast/channel';
import { pageLimit, pageOf, type Archive, type ArchivedMessage } from '../archive.ts';

/** An archive in this process's memory, for tests and for trying things out. */
export function createMemoryArchive(): Archive {
  const sessions = new Map<string, Map<Serial, ArchivedMessage>>();
  return {
    async read(session, query = {}) {
      const limit = pageLimit(query);
      const { below } = query;
      const entries = [...(sessions.get(session)?.values() ?? [])]
        .filter(({ message }) => below === undefined || message.serial < below)
        .toSorted((a, b) => (a.message.serial < b.message.serial ? 1 : -1));
      return pageOf(entries.slice(0, limit + 1), limit);
    },
    async find(session, serial) {
      return sessions.get(session)?.get(serial);
    },
    async save(session, entries) {
      const saved = sessions.get(session) ?? new Map<Serial, ArchivedMessage>();
      sessions.set(session, saved);
      for (const entry of entries) {
        const { serial, version } = entry.message;
        const known = saved.get(serial);
        if (known === undefined || known.message.version <= version) saved.set(serial, entry);
      }
    },
    async remove(session) {
      sessions.delete(session);
    },
  };
}
