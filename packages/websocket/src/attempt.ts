import { ChannelError } from '@holdfast/channel';
import type { LinkEvents, Link } from './link.ts';
import type { WebSocketChannelsOptions } from './options.ts';
import {
  decodeError,
  encodeFrame,
  readDown,
  WIRE_VERSION,
  type Down,
  type DownFrame,
  type Up,
  type UpFrame,
} from './wire.ts';

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
  readonly dial: (events: LinkEvents) => Link;
  readonly hello: Up<'hello'>[2];
  /** A function is asked for a fresh token before the old one expires. */
  readonly token: WebSocketChannelsOptions['token'];
}

export interface AttemptEvents {
  readonly welcomed: (welcome: Welcome) => void;
  /** A `ChannelError` that this throws ends the connection, for another one; any other error ends it for good. */
  readonly received: (frame: SharedFrame) => void;
}

/** One connection to the gateway, from dialling to its loss: hello, signs of life, fresh tokens. */
export interface Attempt {
  readonly lost: Promise<Loss>;
  send(text: string): void;
  /** Says goodbye. It is lost when the gateway has taken note, or after a second. */
  leave(): Promise<unknown>;
}

/** The request id of the attempt's own requests. */
const OWN = 0;
const CONNECT_TIMEOUT_MS = 10_000;
const SILENCE_FACTOR = 2.5;
const RENEW_AHEAD_MS = 30_000;
const LEAVE_TIMEOUT_MS = 1000;
const LEFT = 'This client has left.';
/** The longest that a timer can wait. */
const MAX_TIMER_MS = 2 ** 31 - 1;

type Timer = ReturnType<typeof setTimeout>;

export function openAttempt({ dial, hello, token }: AttemptOptions, events: AttemptEvents): Attempt {
  let open = true;
  let silenceMs = CONNECT_TIMEOUT_MS;
  let expires = 0;
  let watchdog: Timer | undefined;
  let renewal: Timer | undefined;
  let goodbye: Timer | undefined;
  let resolveLost: (loss: Loss) => void;
  const lost = new Promise<Loss>((resolve) => (resolveLost = resolve));

  const lose = (action: Loss['action'], error: ChannelError): void => {
    if (!open) return;
    open = false;
    for (const timer of [watchdog, renewal, goodbye]) clearTimeout(timer);
    link.close();
    resolveLost({ action, error });
  };
  const fail = (message: string): void => lose('retry', new ChannelError('unavailable', message));
  const send = (frame: UpFrame): void => {
    if (open) link.send(encodeFrame(frame));
  };

  const watch = (): void => {
    clearTimeout(watchdog);
    if (open) watchdog = setTimeout(fail, silenceMs, 'The gateway fell silent.');
  };

  /** When time has run out the gateway says so, and the next connection begins with a fresh token. */
  const renewWithin = (leftMs = 0): void => {
    clearTimeout(renewal);
    if (!open || leftMs <= 0 || typeof token !== 'function') return;
    expires = performance.now() + leftMs;
    const delay = Math.max(leftMs * 0.8, leftMs - RENEW_AHEAD_MS);
    renewal = setTimeout(() => void renew(token), Math.min(delay, MAX_TIMER_MS));
  };
  const renewAgain = (): void => renewWithin(expires - performance.now());
  const renew = async (ask: () => string | Promise<string>): Promise<void> => {
    try {
      send(['token', OWN, await ask()]);
    } catch {
      renewAgain();
    }
  };

  const receive = (frame: DownFrame): void => {
    switch (frame[0]) {
      case 'welcome': {
        const [, welcome] = frame;
        silenceMs = welcome.heartbeatMs * SILENCE_FACTOR;
        renewWithin(welcome.expiresInMs);
        return events.welcomed(welcome);
      }
      case 'ping':
        return send(['pong']);
      case 'renewed':
        return renewWithin(frame[2]);
      case 'bye':
        return lose(frame[1], decodeError(frame[2]));
      default:
        if (frame[0] === 'refused' && frame[1] === OWN) return renewAgain();
        return events.received(frame);
    }
  };

  const link = dial({
    opened: () => send(['hello', WIRE_VERSION, hello]),
    received(text) {
      try {
        if (open) receive(readDown(text));
      } catch (cause) {
        if (cause instanceof ChannelError) lose('retry', cause);
        else
          lose(
            'stop',
            new ChannelError('internal', 'The gateway sent no frame of this protocol.', { cause }),
          );
      }
      watch();
    },
    closed: () => fail('The connection broke, or could not be opened.'),
  });
  watch();

  return {
    lost,
    send(text) {
      if (open) link.send(text);
    },
    leave() {
      if (open) goodbye = setTimeout(fail, LEAVE_TIMEOUT_MS, LEFT);
      try {
        send(['bye']);
      } catch {
        // There is nobody yet to say it to.
        fail(LEFT);
      }
      return lost;
    },
  };
}
