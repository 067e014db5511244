import { ChannelError } from '@holdfast/channel';
import type { Driver } from '../driver/driver.ts';
import type { Script } from '../scripts/scripts.ts';
import { meaningOf, toChannelError, UNANSWERED, UNREACHED } from './errors.ts';
import { keysOf } from './keys.ts';
import type { Lives } from './lives.ts';
import { within } from './within.ts';

const FIRST_PAUSE_MS = 20;
const LAST_PAUSE_MS = 500;

export interface CallerOptions {
  readonly driver: Driver;
  readonly lives: Lives;
  readonly prefix: string;
  /** How long a call waits for Redis, trying again what passes by itself, before it fails. */
  readonly timeoutMs: number;
}

/** Runs scripts. Rejects with ChannelErrors only. */
export interface Caller {
  /**
   * The script's answer; its keys are those of the channel, or of each of several. Where there is a connection the script
   * is on its way when this returns; what is asked must be safe to ask twice.
   */
  ask(script: Script, channels: string | readonly string[], values: readonly string[]): Promise<unknown>;
  /** From now on says to all scripts that there is another engine below this one. */
  rise(): void;
  /** Tries again now what waits for a connection. */
  turn(): void;
  /** What the client says is wrong with its connection. */
  blame(error: unknown): void;
  close(): void;
}

export function createCaller({ driver, lives, prefix, timeoutMs }: CallerOptions): Caller {
  const waiting = new Set<() => void>();
  let open = true;
  let trouble: unknown;
  let mark = '';
  /** When something was heard last, or a connection given up. */
  let heardAt = 0;

  /** Resolves when there may be a connection, at the latest after so many milliseconds. */
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const go = (): void => {
        clearTimeout(timer);
        waiting.delete(go);
        resolve();
      };
      const timer = setTimeout(go, ms);
      waiting.add(go);
    });
  const turn = (): void => {
    for (const go of waiting) go();
  };
  const checkOpen = (): void => {
    if (!open) throw new ChannelError('closed', 'The engine was closed.');
  };
  const reach = async (deadline: number): Promise<void> => {
    while (!driver.isReady) {
      const left = deadline - Date.now();
      if (left <= 0) throw unreached(trouble);
      await pause(left);
      checkOpen();
    }
  };

  /** No answer came in time. Where nothing at all has come for long the connection is dead. */
  const late = (sentAt: number): ChannelError => {
    const now = Date.now();
    if (heardAt < sentAt && now - sentAt >= timeoutMs / 2) {
      heardAt = now;
      driver.renew('client');
    }
    return new ChannelError(UNANSWERED.code, UNANSWERED.message);
  };

  return {
    async ask(script, channels, values) {
      checkOpen();
      const deadline = Date.now() + timeoutMs;
      const keys = keysOf(prefix, channels, script.keys);
      let isUnknown = false;
      for (let next = FIRST_PAUSE_MS; ; next = Math.min(2 * next, LAST_PAUSE_MS)) {
        if (!driver.isReady) await reach(deadline).catch((error: unknown) => refuse(error, isUnknown));
        try {
          const sentAt = Date.now();
          const sent = driver.run(script, keys, [mark + lives.known, ...values]);
          const answer = await within(sent, deadline - sentAt, () => late(sentAt));
          heardAt = Date.now();
          trouble = undefined;
          return read(answer, lives);
        } catch (error) {
          const meaning = meaningOf(error);
          isUnknown ||= meaning.code === 'unknown_outcome';
          if (meaning.passes !== true || Date.now() + next > deadline)
            refuse(toChannelError(error), isUnknown);
          await pause(next);
          checkOpen();
        }
      }
    },
    rise() {
      mark = '+';
    },
    turn,
    blame(error) {
      trouble = error;
    },
    close() {
      open = false;
      turn();
    },
  };
}

/** Fails as unknown where an earlier try may have succeeded. */
function refuse(error: unknown, isUnknown: boolean): never {
  const told = toChannelError(error);
  if (!isUnknown || told.code === 'unknown_outcome') throw told;
  throw toChannelError(told.cause ?? told, UNANSWERED);
}

/** What keeps the client from connecting says more than that it isn't connected. */
function unreached(trouble: unknown): ChannelError {
  const meaning = meaningOf(trouble);
  return toChannelError(trouble, meaning.code === 'unauthenticated' ? meaning : UNREACHED);
}

function read(answer: unknown, lives: Lives): unknown {
  if (!Array.isArray(answer)) throw new ChannelError('internal', 'A script gave no answer.');
  const [learned, json] = answer as readonly unknown[];
  if (learned !== '') lives.learn(String(learned));
  return JSON.parse(String(json));
}
