import type { Operation } from '../operation.ts';
import { decodeVersion, TICKS_PER_MS, type HybridClock } from './clock.ts';
import { changedSince, entryOf, forget, storeEntry, type MemoryLog } from './memory-log.ts';
import { namesOf } from './names.ts';
import type { Outcome } from './port.ts';
import type { Below, Extent, HotTier } from './tiers.ts';

/** A new one each time that messages are dropped. */
interface Joined extends Extent {
  readonly fence: string;
}

export interface MemoryTierParts {
  readonly below: Below;
  readonly clock: HybridClock;
  readonly now: () => number;
  readonly logs: ReadonlyMap<string, MemoryLog>;
  readonly logOf: (channel: string) => MemoryLog;
}

export interface MemoryTier extends HotTier {
  /** Runs a commit of these operations when all is here that they name and anybody has; one after the other. */
  prepared(
    channel: string,
    operations: readonly Operation[],
    commit: () => readonly Outcome[],
  ): Promise<readonly Outcome[]>;
}

export function createMemoryTier({ below, clock, now, logs, logOf }: MemoryTierParts): MemoryTier {
  const sessions = new Map<string, Joined>();
  const lanes = new Map<string, Promise<unknown>>();

  const isLacking = (channel: string, operations: readonly Operation[]): boolean => {
    if ((sessions.get(channel)?.newest ?? 0) === 0) return false;
    const { stored, ids } = logOf(channel);
    const names = namesOf(operations);
    return names.serials.some((serial) => !stored.has(serial)) || names.ids.some((id) => !ids.has(id));
  };

  /** Looks and commits in one turn, so that nothing is dropped between the two. */
  const commitWhole = async (
    channel: string,
    operations: readonly Operation[],
    commit: () => readonly Outcome[],
  ): Promise<readonly Outcome[]> => {
    for (;;) {
      const joined = sessions.get(channel);
      if (joined === undefined) {
        await below.join(channel);
        continue;
      }
      if (!isLacking(channel, operations)) return commit();
      const entries = await below.recall(channel, namesOf(operations));
      if (sessions.get(channel) !== joined) continue;
      const log = logOf(channel);
      for (const entry of entries) if (!log.stored.has(entry.stored.message.serial)) storeEntry(log, entry);
      return commit();
    }
  };

  const markOf = (channel: string): string => {
    const joined = sessions.get(channel);
    return joined === undefined ? '' : joined.fence;
  };

  return {
    async prepared(channel, operations, commit) {
      const before = lanes.get(channel);
      const done = (async () => {
        // Whoever waited for it has been told.
        await before?.catch(() => {});
        return commitWhole(channel, operations, commit);
      })();
      lanes.set(channel, done);
      try {
        return await done;
      } finally {
        if (lanes.get(channel) === done) lanes.delete(channel);
      }
    },
    async standing(channel) {
      const mark = markOf(channel);
      const joined = sessions.get(channel);
      if (joined !== undefined)
        return { kind: 'joined', mark, newest: joined.newest, changed: joined.changed };
      const stored = [...(logs.get(channel)?.stored.values() ?? [])];
      if (stored.length === 0) return { kind: 'absent', mark };
      const copies = stored.map(({ message: { serial }, changed }) => ({ serial, changed }));
      return { kind: 'apart', mark, copies };
    },
    async join(channel, mark, { fence, newest, changed, drop }) {
      if (markOf(channel) !== mark) return;
      const log = logOf(channel);
      for (const copy of drop) {
        const stored = log.stored.get(copy.serial);
        if (stored?.changed === copy.changed) forget(log, stored);
      }
      clock.observe(changed);
      // Messages may have been dropped since the extent was asked for.
      const before = sessions.get(channel) ?? { newest: 0, changed: 0 };
      sessions.set(channel, {
        fence,
        newest: Math.max(newest, before.newest),
        changed: Math.max(changed, before.changed),
      });
    },
    async settled(channel, { idleMs, limit }) {
      const joined = sessions.get(channel);
      if (joined === undefined) return undefined;
      const log = logOf(channel);
      const inOrder = changedSince(log, '');
      const latest = idleMs === 0 ? Infinity : (now() - idleMs) * TICKS_PER_MS;
      const isOld = ({ changed }: { readonly changed: string }): boolean =>
        (decodeVersion(changed) ?? 0) <= latest;
      const young = inOrder.find((stored) => !isOld(stored));
      return {
        fence: joined.fence,
        entries: inOrder
          .filter(isOld)
          .slice(0, limit)
          .map((stored) => entryOf(log, stored)),
        next:
          young === undefined ? undefined : Math.floor((decodeVersion(young.changed) ?? 0) / TICKS_PER_MS),
      };
    },
    async drop(channel, copies) {
      const joined = sessions.get(channel);
      if (joined === undefined) return 0;
      const log = logOf(channel);
      let { newest, changed } = joined;
      let dropped = 0;
      for (const copy of copies) {
        const stored = log.stored.get(copy.serial);
        if (stored?.changed !== copy.changed) continue;
        forget(log, stored);
        dropped += 1;
        newest = Math.max(newest, decodeVersion(copy.serial) ?? 0);
        changed = Math.max(changed, decodeVersion(copy.changed) ?? 0);
      }
      sessions.set(channel, { ...joined, newest, changed });
      return dropped;
    },
    async *channels() {
      for (const [channel, { stored }] of logs) if (stored.size > 0) yield channel;
    },
  };
}
