import type { Position, PresenceEvent } from '@holdfast/channel';
import { encodePosition, type TailEvent } from '@holdfast/channel/engine';
import { decodeChange, type ChangeRow } from './decode.ts';
import type { LiveItem, Stand } from './live-item.ts';

/** The chain of one session's live items as this process has heard it, and who is told of them. */
export interface Followed {
  readonly size: number;
  /** Takes an item that was published. */
  hear(item: LiveItem): void;
  /** Whether anything was heard since this was asked last. */
  wasHeard(): boolean;
  /** Tells everybody that something was missed. */
  lose(): void;
  /**
   * Adds a listener. It is told nothing until `begin`, and then what came after that stand. The first one's stand is
   * where the chain begins.
   */
  add(listener: (event: TailEvent) => void): Entry;
}

export interface Entry {
  begin(stand: Stand): Position;
  remove(): void;
}

interface Listener {
  readonly tell: (event: TailEvent) => void;
  /** Events from before it began. */
  held: TailEvent[] | undefined;
  after: number;
}

export function createFollowed(): Followed {
  const listeners = new Set<Listener>();
  /** Items from before the first stand is known. */
  let early: LiveItem[] | undefined = [];
  let epoch = '';
  let tick = 0;
  let presence = 0;
  let heard = true;

  const tell = (event: TailEvent, version = Infinity): void => {
    for (const listener of listeners)
      if (listener.held !== undefined) listener.held.push(event);
      else if (version > listener.after) tellOne(listener, event);
  };

  const stand = (at: { readonly e: string; readonly t: number; readonly v?: number }): void => {
    ({ e: epoch, t: tick } = at);
    presence = at.v ?? presence;
  };

  const follow = (item: LiveItem): void => {
    if ('s' in item) return tell({ kind: 'signal', signal: { ...item.s, timestamp: item.a } });
    if ('m' in item) {
      const isNext = item.w === presence;
      const isOld = item.v <= presence;
      if (!isOld) presence = item.v;
      if (isNext) tell({ kind: 'presence', event: presenceEvent(item) });
      else if (!isOld) tell({ kind: 'lost' });
      return;
    }
    const isSame = item.e === epoch || tick === 0;
    if (isSame && item.t < tick) return;
    const missed = 'c' in item ? item.p !== tick : item.t !== tick || ('v' in item && item.v !== presence);
    if ('c' in item && isSame && item.t === tick) return;
    stand(item);
    if (missed || !isSame) return tell({ kind: 'lost' });
    if ('c' in item) for (const row of item.c ?? []) tell(decodeChange(epoch, row), versionOf(row));
  };

  return {
    get size() {
      return listeners.size;
    },
    hear(item) {
      heard = true;
      if (early !== undefined) early.push(item);
      else follow(item);
    },
    wasHeard() {
      const was = heard;
      heard = false;
      return was;
    },
    lose: () => tell({ kind: 'lost' }),
    add(listener) {
      const each: Listener = { tell: listener, held: [], after: 0 };
      listeners.add(each);
      return {
        begin(at) {
          const items = early;
          early = undefined;
          if (items !== undefined) stand(at);
          for (const item of items ?? []) follow(item);
          const held = each.held ?? [];
          each.held = undefined;
          each.after = at.t;
          for (const event of held)
            if (!('position' in event) || tickOf(event.position) > at.t) tellOne(each, event);
          return encodePosition(at.e, at.t);
        },
        remove: () => void listeners.delete(each),
      };
    },
  };
}

function presenceEvent({ k, m }: Extract<LiveItem, { m: unknown }>): PresenceEvent {
  return k === 'enter' || k === 'update' ? { kind: k, member: m } : { kind: 'leave', member: m, reason: k };
}

function versionOf(row: ChangeRow): number {
  return row[0] === 'm' ? row[1][1] : row[2];
}

function tickOf(position: Position): number {
  return parseInt(position.slice(position.lastIndexOf('.') + 1), 36);
}

function tellOne({ tell }: Listener, event: TailEvent): void {
  try {
    tell(event);
  } catch (error) {
    // A listener's fault is its owner's to see, and keeps nothing from the others.
    queueMicrotask(() => {
      throw error;
    });
  }
}
