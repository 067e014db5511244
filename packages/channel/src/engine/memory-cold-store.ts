import { ChannelError } from '../errors.ts';
import { decodeVersion, encodeSerial, encodeVersion } from './clock.ts';
import { changedSince, createMemoryLog, entryOf, storeEntry, type MemoryLog } from './memory-log.ts';
import { annotationPageOf, pageOf, readLimit } from './paging.ts';
import type { ColdStore, Copy, Extent } from './tiers.ts';

interface Session {
  readonly log: MemoryLog;
  fence: string | undefined;
}

/** The cold one of two engines in this process's memory: the reference, for tests. */
export function createMemoryColdStore(): ColdStore {
  const sessions = new Map<string, Session>();
  const sessionOf = (channel: string): Session => {
    const session = sessions.get(channel) ?? { log: createMemoryLog(), fence: undefined };
    sessions.set(channel, session);
    return session;
  };
  const copiesOf = ({ log }: Session, serials: readonly Copy['serial'][]): readonly Copy[] =>
    serials.flatMap((serial) => {
      const stored = log.stored.get(serial);
      return stored === undefined ? [] : [{ serial, changed: stored.changed }];
    });

  return {
    async extent(channel) {
      const session = sessionOf(channel);
      return { ...extentOf(session), fence: session.fence };
    },
    async claim(channel, fence) {
      const session = sessionOf(channel);
      session.fence = fence;
      return extentOf(session);
    },
    async put(channel, fence, entries) {
      const session = sessionOf(channel);
      if (session.fence !== fence) return undefined;
      for (const entry of entries) {
        const before = session.log.stored.get(entry.stored.message.serial);
        if (before === undefined || before.changed < entry.stored.changed) storeEntry(session.log, entry);
      }
      return copiesOf(
        session,
        entries.map(({ stored }) => stored.message.serial),
      );
    },
    copies: async (channel, serials) => copiesOf(sessionOf(channel), serials),
    async load(channel, { serials, ids }) {
      const { log } = sessionOf(channel);
      const all = new Set([...serials, ...ids.flatMap((id) => log.ids.get(id) ?? [])]);
      return [...all].flatMap((serial) => {
        const stored = log.stored.get(serial);
        return stored === undefined ? [] : [entryOf(log, stored)];
      });
    },
    async page(channel, { below, limit }) {
      const before = encodeSerial(below);
      const messages = [...sessionOf(channel).log.stored.values()]
        .map(({ message }) => message)
        .filter(({ serial }) => serial < before)
        .toReversed();
      return pageOf(messages, readLimit(limit));
    },
    changesSince: async (channel, tick) => changedSince(sessionOf(channel).log, encodeVersion(tick)),
    message: async (channel, serial) => sessionOf(channel).log.stored.get(serial)?.message,
    async annotations(channel, serial, { cursor, limit }) {
      const { log } = sessionOf(channel);
      const stored = log.stored.get(serial);
      if (stored === undefined)
        throw new ChannelError('not_found', `No message has the serial ${JSON.stringify(serial)}.`);
      const above: string = cursor ?? '';
      const rest = entryOf(log, stored).annotations.filter(({ version }) => version > above);
      return annotationPageOf(rest, readLimit(limit));
    },
    close: async () => sessions.clear(),
  };
}

function extentOf({ log }: Session): Extent {
  const newest = [...log.stored.keys()].at(-1);
  const last = changedSince(log, '').at(-1);
  return { newest: tickOf(newest), changed: tickOf(last?.changed) };
}

function tickOf(version: string | undefined): number {
  return version === undefined ? 0 : (decodeVersion(version) ?? 0);
}
