import type { Delivery, Position, Serial } from '@holdfast/channel';
import type { Clock } from './clock.ts';

export interface RollUpOptions {
  /** In milliseconds. 0 joins nothing. */
  readonly windowMs: number;
  readonly clock: Clock;
  readonly emit: (delivery: Delivery) => void;
  /** Where the subscriber stands after what was emitted. */
  readonly position: () => Position | undefined;
}

/**
 * Joins appends of one subscription. The first goes at once and opens a window; what comes within it goes when it closes,
 * one append for each message. Nothing overtakes an append but signals, which have no place in the log's order.
 */
export interface RollUp {
  take(delivery: Delivery): void;
  /** Forgets what it holds: it will be told otherwise. */
  clear(): void;
}

type Append = Extract<Delivery, { kind: 'append' }>;

export function createRollUp({ windowMs, clock, emit, position }: RollUpOptions): RollUp {
  const held = new Map<Serial, Append>();
  /** Of everything held. */
  let newest: Position | undefined;
  let stopWindow: (() => void) | undefined;

  const flush = (): void => {
    if (newest === undefined) return;
    const appends = [...held.values()];
    const reached = newest;
    clear();
    // Until the last one is told, only where the subscriber stood before is sure to miss nothing.
    const before = position() ?? reached;
    for (const [index, append] of appends.entries())
      emit({ ...append, position: index < appends.length - 1 ? before : reached });
  };

  const openWindow = (): void => {
    stopWindow = clock.after(windowMs, () => {
      stopWindow = undefined;
      if (held.size === 0) return;
      openWindow();
      flush();
    });
  };

  const hold = (append: Append): void => {
    const before = held.get(append.serial);
    if (before !== undefined && before.offset + before.data.length !== append.offset) flush();
    const base = held.get(append.serial);
    held.set(
      append.serial,
      base === undefined ? append : { ...append, offset: base.offset, data: base.data + append.data },
    );
    newest = append.position;
  };

  const clear = (): void => {
    held.clear();
    newest = undefined;
  };

  return {
    take(delivery) {
      if (delivery.kind === 'signal' || windowMs === 0) return emit(delivery);
      if (delivery.kind === 'append' && stopWindow !== undefined) return hold(delivery);
      flush();
      emit(delivery);
      if (delivery.kind === 'append') openWindow();
    },
    clear() {
      stopWindow?.();
      stopWindow = undefined;
      clear();
    },
  };
}
