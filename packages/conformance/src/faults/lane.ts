import { ChannelError } from '@holdfast/channel';
import type { Dice } from './dice.ts';
import type { Line } from './line.ts';

/** Calls to what is behind the line. */
export interface Lane {
  /** Sends a call when all before it have been sent. Its answer is lost where the line breaks meanwhile: it rejects with `lost`. */
  readonly inTurn: <T>(call: () => Promise<T>, lost: 'unavailable' | 'unknown_outcome') => Promise<T>;
  /** A call that only reads, or that need not keep its turn. */
  readonly ask: <T>(call: () => Promise<T>) => Promise<T>;
}

export function createLane({ dice, line }: { readonly dice: Dice; readonly line: Line }): Lane {
  let sent: Promise<void> = Promise.resolve();

  const carry = async <T>(call: () => Promise<T>, lost: 'unavailable' | 'unknown_outcome'): Promise<T> => {
    line.check();
    const { breaks } = line;
    const result = await call();
    await dice.delay();
    if (line.breaks !== breaks) throw new ChannelError(lost, 'The connection was cut by the test.');
    return result;
  };

  return {
    async inTurn(call, lost) {
      const before = sent;
      let release = (): void => {};
      sent = new Promise((resolve) => (release = resolve));
      await before;
      await dice.delay();
      const result = carry(call, lost);
      release();
      return result;
    },
    async ask(call) {
      await dice.delay();
      return carry(call, 'unavailable');
    },
  };
}
