import { ChannelError } from '@holdfast/channel';
import type { Tail, TailEvent } from '@holdfast/channel/engine';
import type { Driver } from '../driver/driver.ts';
import { SCRIPTS } from '../scripts/scripts.ts';
import type { Caller } from './caller.ts';
import { toChannelError, UNREACHED } from './errors.ts';
import { createFollowed, type Entry, type Followed } from './followed.ts';
import { keyOf } from './keys.ts';
import type { LiveItem, Stand } from './live-item.ts';
import { within } from './within.ts';
import { createWatch, type Watch } from './watch.ts';

export interface HubOptions {
  readonly driver: Driver;
  readonly caller: Caller;
  readonly prefix: string;
  /** How often a session in which nothing happens is compared with Redis. */
  readonly headCheckMs: number;
  readonly presenceLeaseMs: number;
  /** How long subscribing may take. */
  readonly timeoutMs: number;
}

/** The one subscriber connection of this process, and who in it follows which session. */
export interface Hub {
  tail(channel: string, listener: (event: TailEvent) => void): Promise<Tail>;
  /** Something was published on a pub/sub channel. */
  hear(key: string, text: string): void;
  /** The connection may have missed something. */
  turn(): void;
  close(): void;
}

interface Line {
  readonly followed: Followed;
  readonly watch: Watch;
  readonly subscribed: Promise<void>;
}

export function createHub({
  driver,
  caller,
  prefix,
  headCheckMs,
  presenceLeaseMs,
  timeoutMs,
}: HubOptions): Hub {
  const lines = new Map<string, Line>();
  /** Unsubscriptions on their way: a new subscription comes after. */
  const leaving = new Map<string, Promise<void>>();
  /** Since when nothing of what Redis has told has come. */
  let told: number | undefined;

  const subscribe = (key: string): Promise<void> => {
    const before = leaving.get(key) ?? Promise.resolve();
    const late = (): Error => new ChannelError(UNREACHED.code, UNREACHED.message);
    return within(
      before.then(() => driver.subscribe(key)),
      timeoutMs,
      late,
    );
  };

  /** Redis has told where a session stands, and what it told doesn't come. */
  const probe = async (channel: string): Promise<void> => {
    await caller.ask(SCRIPTS.probe, channel, []);
    told ??= Date.now();
  };
  const miss = (key: string): void => {
    if (told !== undefined && Date.now() - told >= timeoutMs / 2) {
      // Nothing comes at all: the connection is dead.
      told = undefined;
      driver.renew('subscriber');
    } else driver.subscribe(key).catch(() => {});
  };

  const openLine = (channel: string, key: string): Line => {
    const followed = createFollowed();
    const watch = createWatch({
      headCheckMs,
      presenceLeaseMs,
      wasHeard: () => followed.wasHeard(),
      probe: () => probe(channel),
      // The subscription may be gone without a word; meanwhile subscribers read what they miss.
      unheard: () => {
        followed.lose();
        miss(key);
      },
    });
    const line = { followed, watch, subscribed: subscribe(key) };
    lines.set(key, line);
    return line;
  };

  const leave = (key: string, { followed, watch }: Line): void => {
    if (followed.size > 0 || lines.get(key)?.followed !== followed) return;
    watch.stop();
    lines.delete(key);
    // What it was told may be what doesn't come any more.
    told = undefined;
    const gone = driver
      .unsubscribe(key)
      .catch(() => {})
      .then(() => {
        if (leaving.get(key) === gone) leaving.delete(key);
      });
    leaving.set(key, gone);
  };

  return {
    async tail(channel, listener) {
      const key = keyOf(prefix, channel, 'l');
      const line = lines.get(key) ?? openLine(channel, key);
      const entry: Entry = line.followed.add(listener);
      try {
        await line.subscribed;
        const stand = (await caller.ask(SCRIPTS.head, channel, [])) as Stand;
        const head = entry.begin(stand);
        line.watch.expect(stand.x);
        return {
          head,
          close() {
            entry.remove();
            leave(key, line);
          },
        };
      } catch (error) {
        entry.remove();
        leave(key, line);
        throw toChannelError(error);
      }
    },
    hear(key, text) {
      told = undefined;
      const line = lines.get(key);
      if (line === undefined) return;
      const item = parse(text);
      line.followed.hear(item);
      if ('x' in item) line.watch.expect(item.x);
      else if ('k' in item) line.watch.expect(presenceLeaseMs);
    },
    turn() {
      for (const { watch } of lines.values()) watch.hurry();
    },
    close() {
      for (const { watch } of lines.values()) watch.stop();
      lines.clear();
    },
  };
}

function parse(text: string): LiveItem {
  try {
    return JSON.parse(text) as LiveItem;
  } catch (cause) {
    throw new ChannelError('internal', 'Something else publishes on the channels of this prefix.', { cause });
  }
}
