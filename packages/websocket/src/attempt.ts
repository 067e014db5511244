import { ChannelError } from '@holdfast/channel';
import type { Dial } from './link.ts';
import { decodeError, encodeFrame, readDown, WIRE_VERSION, type Down, type DownFrame } from './wire.ts';

/** Frames that the attempt itself deals with. */
type OwnVerb = 'welcome' | 'ping' | 'bye' | 'renewed';
export type SharedFrame = Exclude<DownFrame, Down<OwnVerb>>;
export type Welcome = Down<'welcome'>[1];

/** Why a connection is no more, and what is to be done. */
export interface Loss {
  readonly action: Down<'bye'>[1];
  readonly error: ChannelError;
}

export interface AttemptOptions {
  readonly dial: Dial;
  readonly hello: { readonly key: string; readonly rollupMs: number; readonly token?: string };
  /** Asks for a fresh token before the old one expires. */
  readonly renew?: () => Promise<string>;
  /** How long the gateway may take to let the client in, in milliseconds. */
  readonly timeoutMs: number;
}

export interface AttemptEvents {
  welcomed(welcome: Welcome): void;
  received(frame: SharedFrame): void;
  /** Comes once, and nothing after it. */
  lost(loss: Loss): void;
}

/** One connection to the gateway, from dialling to its loss: hello, signs of life, fresh tokens. */
export interface Attempt {
  send(text: string): void;
  /** Gives this connection up for another one. */
  drop(message: string): void;
  /** Says goodbye and resolves when the gateway has taken note, or after a second. */
  leave(): Promise<void>;
}

/** The request id of the attempt's own requests. */
const OWN = 0;
const SILENCE_FACTOR = 2.5;
const RENEW_AHEAD_MS = 30_000;
const LEAVE_TIMEOUT_MS = 1000;
/** The longest that a timer can wait. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export function openAttempt(
  { dial, hello, renew, timeoutMs }: AttemptOptions,
  events: AttemptEvents,
): Attempt {
  let open = true;
  let heard = performance.now();
  let silenceMs = timeoutMs;
  let expires: number | undefined;
  let renewal: ReturnType<typeof setTimeout> | undefined;
  let left: (() => void) | undefined;

  const lose = (loss: Loss): void => {
    if (!open) return;
    open = false;
    clearTimeout(watchdog);
    clearTimeout(renewal);
    link.close();
    if (left === undefined) events.lost(loss);
    else left();
  };
  const fail = (message: string): void =>
    lose({ action: 'retry', error: new ChannelError('unavailable', message) });

  const watch = (): void => {
    const silent = performance.now() - heard;
    if (silent >= silenceMs) return fail('The gateway fell silent.');
    watchdog = setTimeout(watch, silenceMs - silent);
  };
  let watchdog = setTimeout(watch, silenceMs);

  const scheduleRenewal = (expiresInMs: number | undefined): void => {
    expires = expiresInMs === undefined ? undefined : performance.now() + expiresInMs;
    if (renew === undefined || expires === undefined) return;
    const left = expires - performance.now();
    const delay = Math.max(Math.min(1000, left / 2), left - Math.min(left * 0.2, RENEW_AHEAD_MS));
    clearTimeout(renewal);
    renewal = setTimeout(() => void present(renew), Math.min(delay, MAX_TIMER_MS));
  };
  const tryAgain = (): void => {
    // When time has run out the gateway says so, and the next connection begins with a fresh token.
    if (open && expires !== undefined && expires > performance.now())
      scheduleRenewal(expires - performance.now());
  };
  const present = async (ask: () => Promise<string>): Promise<void> => {
    try {
      const token = await ask();
      if (open) link.send(encodeFrame(['token', OWN, token]));
    } catch {
      tryAgain();
    }
  };

  const receive = (frame: DownFrame): void => {
    switch (frame[0]) {
      case 'welcome': {
        const [, welcome] = frame;
        silenceMs = welcome.heartbeatMs * SILENCE_FACTOR;
        clearTimeout(watchdog);
        watchdog = setTimeout(watch, silenceMs);
        scheduleRenewal(welcome.expiresInMs);
        return events.welcomed(welcome);
      }
      case 'ping':
        return link.send(encodeFrame(['pong']));
      case 'renewed':
        return scheduleRenewal(frame[2]);
      case 'bye':
        return lose({ action: frame[1], error: decodeError(frame[2]) });
      case 'refused':
        if (frame[1] === OWN) return tryAgain();
        return events.received(frame);
      default:
        return events.received(frame);
    }
  };

  const link = dial({
    opened: () => link.send(encodeFrame(['hello', WIRE_VERSION, hello])),
    received(text) {
      heard = performance.now();
      if (!open) return;
      let cause: unknown;
      try {
        const frame = readDown(text);
        if (frame !== undefined) return receive(frame);
      } catch (error) {
        cause = error;
      }
      const message = 'The gateway sent something that is no frame of this protocol.';
      lose({ action: 'stop', error: new ChannelError('internal', message, { cause }) });
    },
    closed: () => fail('The connection to the gateway broke, or could not be opened.'),
  });

  return {
    send(text) {
      if (open) link.send(text);
    },
    drop: fail,
    leave() {
      if (!open) return Promise.resolve();
      return new Promise((resolve) => {
        const timer = setTimeout(() => fail('The gateway did not answer the goodbye.'), LEAVE_TIMEOUT_MS);
        left = () => {
          clearTimeout(timer);
          resolve();
        };
        try {
          link.send(encodeFrame(['bye']));
        } catch {
          fail('There was nobody yet to say goodbye to.');
        }
      });
    },
  };
}
