import type { Refusal, Participant, SessionMessage, SessionSnapshot } from '../snapshot.ts';
import type { MessageId } from '../ids.ts';
import { isSameList } from '../projection/equal.ts';
import type { Change, SessionProjection, Selection } from '../projection/types.ts';

/** What of a snapshot doesn't come from the projection. */
export interface Surroundings {
  readonly status: SessionSnapshot['status'];
  readonly participants: readonly Participant[];
  readonly refusals: readonly Refusal[];
  readonly hasOlder: boolean;
  readonly selection: Selection;
}

/** Builds snapshots. What did not change keeps its identity; a change costs one array copy, not a walk over the turns. */
export interface Snapshots {
  readonly current: SessionSnapshot;
  /** Notes what changed since the last snapshot; without a change, that only the surroundings did. */
  note(change?: Pick<Change, 'tree' | 'messages'>): void;
}

export function createSnapshots(projection: SessionProjection, around: () => Surroundings): Snapshots {
  let snapshot: SessionSnapshot | undefined;
  let isStale = true;
  let isOtherBranch = true;
  const touched = new Set<MessageId>();
  let places = new Map<MessageId, number>();
  let shown: readonly SessionMessage[] = [];

  const messages = (selection: Selection): readonly SessionMessage[] => {
    const next = isOtherBranch
      ? projection.branch(selection).flatMap((id) => projection.message(id) ?? [])
      : [...shown];
    if (isOtherBranch) places = new Map(next.map(({ id }, place) => [id, place]));
    else
      for (const id of touched) {
        const place = places.get(id);
        const message = projection.message(id);
        if (place !== undefined && message) next[place] = message;
      }
    isOtherBranch = false;
    touched.clear();
    return (shown = isSameList(shown, next) ? shown : next);
  };

  return {
    get current() {
      if (snapshot && !isStale) return snapshot;
      isStale = false;
      const { selection, ...rest } = around();
      const { runs, state, floor } = projection;
      const next = {
        ...rest,
        runs,
        messages: isOtherBranch || touched.size > 0 ? messages(selection) : shown,
        state,
        floor,
      };
      if (!snapshot || !isSameList(Object.values(snapshot), Object.values(next))) snapshot = next;
      return snapshot;
    },
    note(change) {
      isStale = true;
      if (change?.tree) isOtherBranch = true;
      for (const id of change?.messages ?? []) touched.add(id);
    },
  };
}
