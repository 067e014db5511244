import { ChannelError } from '@holdfast/channel';

/** The connection between a faulty channel and the one behind it: whole or broken, as a test wants it. */
export interface Line {
  readonly broken: boolean;
  /** How often it has broken so far: an answer to a call of an earlier count never arrives. */
  readonly breaks: number;
  /** @throws ChannelError `unavailable` while it is broken */
  readonly check: () => void;
  /** Resolves when it is whole. */
  readonly whole: () => Promise<void>;
  /** Calls `listener` each time it breaks, until the returned function is called. */
  readonly onBreak: (listener: () => void) => () => void;
  readonly cut: () => void;
  readonly heal: () => void;
}

export function createLine(): Line {
  const listeners = new Set<() => void>();
  const waiting = new Set<() => void>();
  let broken = false;
  let breaks = 0;
  return {
    get broken() {
      return broken;
    },
    get breaks() {
      return breaks;
    },
    check: () => {
      if (broken) throw new ChannelError('unavailable', 'The connection was cut by the test.');
    },
    whole: () => (broken ? new Promise((resolve) => waiting.add(resolve)) : Promise.resolve()),
    onBreak: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    cut: () => {
      broken = true;
      breaks += 1;
      for (const listener of listeners) listener();
    },
    heal: () => {
      broken = false;
      for (const resolve of waiting) resolve();
      waiting.clear();
    },
  };
}
