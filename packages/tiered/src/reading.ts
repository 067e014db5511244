import { isChannelError, type Cursor, type Message, type Page } from '@holdfast/channel';
import {
  decodePosition,
  decodeVersion,
  encodeSerial,
  readLimit,
  tickOfCursor,
  type ColdStore,
  type Engine,
  type HotEngine,
  type HotTier,
} from '@holdfast/channel/engine';
import type { Joining } from './joining.ts';
import { mergeChanges, mergePages } from './merge.ts';

export interface ReadingParts {
  readonly hot: HotEngine;
  readonly tier: HotTier;
  readonly cold: ColdStore;
  readonly joining: Joining;
}

/**
 * What is read of both engines. The hot one is asked first: what it had dropped by then is in the cold store, and stays
 * there. What both have counts in its later state.
 */
export function createReading({
  hot,
  tier,
  cold,
  joining,
}: ReadingParts): Pick<Engine, 'tail' | 'changesSince' | 'message' | 'page' | 'annotations'> {
  return {
    async tail(channel, listener) {
      for (;;) {
        const tail = await hot.tail(channel, listener);
        try {
          if (await joining.isSound(channel, await tier.standing(channel))) return tail;
          await joining.join(channel);
        } catch (error) {
          tail.close();
          throw error;
        }
        tail.close();
      }
    },
    async changesSince(channel, position) {
      for (;;) {
        const changes = await hot.changesSince(channel, position);
        const standing = await tier.standing(channel);
        if (!(await joining.isSound(channel, standing))) {
          await joining.join(channel);
          continue;
        }
        const since = decodePosition(position)?.tick;
        if (changes === undefined || since === undefined) return undefined;
        if (standing.kind !== 'joined' || since >= standing.changed) return changes;
        const below = await cold.changesSince(channel, since);
        if (below === undefined) return undefined;
        return { changed: mergeChanges(changes.changed, below), head: changes.head };
      }
    },
    message: async (channel, serial) =>
      (await hot.message(channel, serial)) ?? (await cold.message(channel, serial)),
    async page(channel, { until, cursor, limit }) {
      const count = readLimit(limit);
      const below = Math.min(createdBefore(until), tickOfCursor(cursor) ?? EVERYTHING);
      for (;;) {
        const start = below === EVERYTHING ? {} : { cursor: cursorAt(below) };
        const above = await hot.page(channel, { ...start, limit: count });
        const standing = await tier.standing(channel);
        if (standing.kind === 'apart') {
          await joining.join(channel);
          continue;
        }
        if (standing.kind === 'joined') {
          if (standing.newest === 0) return above;
          const last = lastOf(above, count);
          // Full with what was created after all that lies below.
          if (last !== undefined && (decodeVersion(last.serial) ?? 0) > standing.newest)
            return { messages: above.messages, next: last.serial as string as Cursor };
        }
        return mergePages(above, await cold.page(channel, { below, limit: count }), count);
      }
    },
    async annotations(channel, serial, query) {
      const { kind } = await tier.standing(channel);
      if (kind === 'apart') await joining.join(channel);
      try {
        return await hot.annotations(channel, serial, query);
      } catch (error) {
        if (!isChannelError(error) || error.code !== 'not_found') throw error;
        return cold.annotations(channel, serial, query);
      }
    },
  };
}

const EVERYTHING = Number.MAX_SAFE_INTEGER;

/** Also of an earlier epoch: its ticks lie below those of now. */
function createdBefore(until: string | undefined): number {
  const tick = until === undefined ? undefined : decodePosition(until)?.tick;
  return tick === undefined ? EVERYTHING : Math.min(tick + 1, EVERYTHING);
}

function cursorAt(tick: number): Cursor {
  return encodeSerial(tick) as string as Cursor;
}

/** The last message of a page that is full. */
function lastOf({ messages }: Page, limit: number): Message | undefined {
  return messages.length === limit ? messages.at(-1) : undefined;
}
