import type { Presence, PresenceEvent, PresenceSubscription } from '@holdfast/channel';
import type { Dice } from './dice.ts';
import { openFeed } from './feed.ts';
import type { Lane } from './lane.ts';
import type { Line } from './line.ts';

/** Presence with a bad line between it and the one behind: its events start again with a `sync` after every break. */
export function createFaultyPresence(
  presence: Presence,
  { dice, lane, line }: { readonly dice: Dice; readonly lane: Lane; readonly line: Line },
): Presence {
  return {
    enter: (data) => lane.inTurn(() => presence.enter(data), 'unknown_outcome'),
    leave: () => lane.inTurn(() => presence.leave(), 'unknown_outcome'),
    members: () => lane.ask(() => presence.members()),
    async subscribe(listener): Promise<PresenceSubscription> {
      if (typeof listener !== 'function') return presence.subscribe(listener);
      line.check();
      return openFeed<PresenceEvent>({
        line,
        wait: () => dice.wait(1),
        open: (push) => presence.subscribe(push),
        tell: async (queue) => {
          await dice.delay();
          const event = queue.shift();
          if (event !== undefined) listener(event);
        },
      });
    },
  };
}
