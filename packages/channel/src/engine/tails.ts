import type { Position } from '../ids.ts';
import type { Tail, TailEvent } from './port.ts';

/** Who listens to which channel in this process. */
export interface Tails {
  open(channel: string, head: Position, listener: (event: TailEvent) => void): Tail;
  emit(channel: string, event: TailEvent): void;
  clear(): void;
}

export function createTails(): Tails {
  const channels = new Map<string, Set<(event: TailEvent) => void>>();
  const waiting: { readonly channel: string; readonly event: TailEvent }[] = [];
  let isEmitting = false;
  return {
    open(channel, head, listener) {
      // A wrapper of its own, so that one listener may follow twice.
      const each = (event: TailEvent): void => listener(event);
      const listeners = channels.get(channel) ?? new Set();
      channels.set(channel, listeners.add(each));
      return {
        head,
        close() {
          if (listeners.delete(each) && listeners.size === 0) channels.delete(channel);
        },
      };
    },
    emit(channel, event) {
      waiting.push({ channel, event });
      // A listener that publishes at once must not overtake, for those behind it, what it has just been told.
      if (isEmitting) return;
      isEmitting = true;
      try {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
          for (const listener of channels.get(next.channel) ?? []) listener(next.event);
      } finally {
        isEmitting = false;
      }
    },
    clear: () => channels.clear(),
  };
}
