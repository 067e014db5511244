import type { Channel, Draft, Operation } from '@holdfast/channel';
import { isObject } from '@holdfast/codec';
import type { RecordId } from '../ids.ts';
import type { RecordKind } from '../records.ts';
import { isRecordKind } from '../records/table.ts';

/** A record that gives an agent something to do. */
export interface Waking {
  readonly record: RecordId;
  /** The agent that it is for; absent: whichever answers the session. */
  readonly to?: string;
}

const WAKES: ReadonlySet<RecordKind> = new Set<RecordKind>([
  'input',
  'regenerate',
  'steer',
  'answer',
  'cancel',
  'floor',
]);

/** A record that is stored this long after its wake may come too late for it, in milliseconds: agents are told again. */
const SLOW_MS = 4_000;

export interface WakingOptions {
  /** Tells the agents; resolves when that is stored. */
  readonly tell: (wakes: readonly Waking[]) => Promise<unknown>;
  /** Milliseconds that only rise. */
  readonly now: () => number;
}

/**
 * A session's channel that tells agents of what is published on it. They are told first: so whatever dies in between, no
 * record that is stored is one that nobody was told of. Publishes keep their order (I1).
 */
export function wakingChannel(channel: Channel, { tell, now }: WakingOptions): Channel {
  /** Until what was asked before has been handed on; undefined where all has. */
  let turn: Promise<unknown> | undefined;
  return {
    ...channel,
    get features() {
      return channel.features;
    },
    publish(operations, options) {
      const wakes = [operations].flat().flatMap(wakingOf);
      if (wakes.length === 0 && turn === undefined) return channel.publish(operations, options);
      const began = now();
      const told = Promise.all([wakes.length > 0 && tell(wakes), turn]);
      const receipts = told.then(() => channel.publish(operations, options));
      const mine = told.catch(() => {});
      turn = mine;
      void mine.then(() => {
        if (turn === mine) turn = undefined;
      });
      return receipts.then((stored) => {
        if (wakes.length > 0 && now() - began > SLOW_MS) tell(wakes).catch(() => {});
        return stored;
      });
    },
    async signal(draft) {
      const [wake] = repeatOf(draft);
      if (wake !== undefined) await tell([wake]);
      await channel.signal(draft);
    },
  };
}

function wakingOf(operation: Operation): readonly Waking[] {
  if (operation?.action !== 'create') return [];
  const { id, name, data } = operation.draft;
  if (!isRecordKind(name) || !WAKES.has(name)) return [];
  const to = isObject(data) ? data['to'] : undefined;
  const isFor = (name === 'input' || name === 'regenerate') && typeof to === 'string';
  return [{ record: id as string as RecordId, ...(isFor && { to }) }];
}

/** Somebody who sees a run that no agent is at repeats the wake. */
function repeatOf({ name, data }: Draft): readonly Waking[] {
  const run = name === 'wake' && isObject(data) ? data['run'] : undefined;
  return typeof run === 'string' ? [{ record: run as string as RecordId }] : [];
}
