import type { Change } from './changing.ts';
import { refusal } from '../protocol/errors.ts';

/** Sends a change on; resolves with the serial of its version. */
export type Apply = (change: Change) => Promise<string>;

interface Window {
  /** Appends that came while the window was open, as one. */
  held: { change: Change; readonly waiters: Waiter[] } | undefined;
  timer: ReturnType<typeof setTimeout> | undefined;
}

interface Waiter {
  readonly resolve: (version: string | null) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Joins the appends that one connection makes to one message: the first goes on at once, those within the window after it
 * are held and go on as one. What is published meanwhile overtakes them, as it does at Ably.
 */
export interface RollUp {
  /** The version's serial; null for an append that a later one has swallowed. */
  append(key: string, change: Change, apply: Apply): Promise<string | null>;
  /** Sends on what is held for a message. */
  flush(key: string): void;
  /** Holds every append from now, until the returned function is called. */
  hold(): () => void;
  close(): void;
}

export function createRollUp(windowMs: number): RollUp {
  const windows = new Map<string, Window & { apply: Apply }>();
  let holds = 0;

  const send = (key: string): void => {
    const window = windows.get(key);
    if (window?.held === undefined) return;
    const { change, waiters } = window.held;
    window.held = undefined;
    window.apply(change).then(
      (version) => waiters.forEach(({ resolve }, at) => resolve(at === waiters.length - 1 ? version : null)),
      (error: unknown) => waiters.forEach(({ reject }) => reject(error)),
    );
  };

  const open = (key: string, window: Window): void => {
    clearTimeout(window.timer);
    window.timer = setTimeout(() => {
      if (window.held === undefined) return void windows.delete(key);
      if (holds > 0) return;
      send(key);
      open(key, window);
    }, windowMs);
  };

  return {
    append(key, change, apply) {
      const window = windows.get(key);
      if (window === undefined && holds === 0) {
        if (windowMs > 0) {
          const opened = { held: undefined, timer: undefined, apply };
          windows.set(key, opened);
          open(key, opened);
        }
        return apply(change);
      }
      const waiting = window ?? { held: undefined, timer: undefined, apply };
      windows.set(key, waiting);
      waiting.apply = apply;
      return new Promise((resolve, reject) => {
        const waiters = [...(waiting.held?.waiters ?? []), { resolve, reject }];
        waiting.held = { change: join(waiting.held?.change, change), waiters };
      });
    },
    flush: send,
    hold() {
      holds += 1;
      return () => {
        holds -= 1;
        if (holds > 0) return;
        for (const [key, window] of windows) {
          send(key);
          if (windowMs === 0) windows.delete(key);
          else open(key, window);
        }
      };
    },
    close() {
      for (const [key, window] of windows) {
        clearTimeout(window.timer);
        window.held?.waiters.forEach(({ reject }) => reject(refusal('unavailable', 'The server closes.')));
        windows.delete(key);
      }
    },
  };
}

function join(held: Change | undefined, next: Change): Change {
  if (held === undefined) return next;
  const fields = {
    data: (held.fields.data ?? '') + (next.fields.data ?? ''),
    name: next.fields.name ?? held.fields.name,
    encoding: next.fields.encoding ?? held.fields.encoding,
    extras: next.fields.extras ?? held.fields.extras,
  };
  return { ...held, ...next, fields };
}
