import type { Channel } from '@holdfast/channel';
import { isWatching } from '../../attention/watchers.ts';
import { watchMembers } from '../../presence/watch-members.ts';
import { roleOf } from '../../records/authority.ts';

/** Who watches a session, as presence tells. Where it doesn't, somebody may be watching: nothing is held back. */
export interface Audience {
  /** Undefined while it is not known. */
  readonly watchers: number | undefined;
  /** Nobody has been there since, on this process's monotonic clock, in milliseconds; undefined while somebody is. */
  readonly emptySince: number | undefined;
  /** Resolves when it is known, or known that it won't be. */
  readonly ready: Promise<void>;
  subscribe(listener: () => void): () => void;
  close(): void;
}

export function watchAudience(channel: Channel): Audience {
  const listeners = new Set<() => void>();
  let watchers: number | undefined;
  let emptySince: number | undefined;

  const members = watchMembers(channel, () => {
    const next = members.current?.filter((each) => isWatching({ ...each, role: roleOf(each.claims) })).length;
    if (next === watchers) return;
    watchers = next;
    emptySince = next === 0 ? performance.now() : undefined;
    for (const listener of listeners) listener();
  });

  return {
    get watchers() {
      return watchers;
    },
    get emptySince() {
      return emptySince;
    },
    ready: members.ready,
    subscribe(listener) {
      const each = (): void => listener();
      listeners.add(each);
      return () => void listeners.delete(each);
    },
    close() {
      listeners.clear();
      members.close();
    },
  };
}
