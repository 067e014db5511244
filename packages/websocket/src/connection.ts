import { ChannelError, isChannelError } from '@holdfast/channel';
import type { ChannelFeatures, Connection, ConnectionState } from '@holdfast/channel';
import { openAttempt, type Attempt, type Loss, type SharedFrame, type Welcome } from './attempt.ts';
import { delayAfter, type BackOff } from './back-off.ts';
import { guarded } from './guarded.ts';
import type { Dial } from './link.ts';

export interface GatewayConnectionOptions {
  /** The way to the gateway for the n-th attempt since the last success. */
  readonly route: Route;
  readonly key: string;
  readonly token: string | (() => string | Promise<string>) | undefined;
  readonly rollupMs: number;
  readonly backoff: BackOff;
  readonly random: () => number;
  /** How long calls wait for a connection, in milliseconds. */
  readonly offlineMs: number;
}

/** Chooses the transport, and learns which one gets through. */
export interface Route {
  next(): Dial;
  /** The last one led to the gateway, or it didn't. */
  report(worked: boolean): void;
}

export interface GatewayConnectionEvents {
  connected(): void;
  received(frame: SharedFrame): void;
  /** The connection has been away for too long to keep callers waiting. */
  givenUp(error: ChannelError): void;
  /** For good; no error where the caller closed it. */
  closed(error: ChannelError | undefined): void;
}

/** The connection that outlives connections: one attempt after the other, with a back-off between them. */
export interface GatewayConnection extends Connection {
  readonly features: ChannelFeatures;
  readonly maxFrameBytes: number;
  /** Connects, if nothing has yet. */
  start(): void;
  /** Only while connected. */
  send(text: string): void;
  /** Gives up this connection to the gateway for another one. */
  reset(message: string): void;
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 10_000;
/** A connection that lived this long was a good one: the next wait is short again. */
const SETTLED_MS = 250;

/** What is believed until the gateway says what it can do. */
const ASSUMED: ChannelFeatures = {
  maxMessageBytes: 1 << 20,
  checksOffsets: true,
  seal: true,
  presenceLeaseMs: 15_000,
};

export function createGatewayConnection(
  { route, key, token, rollupMs, backoff, random, offlineMs }: GatewayConnectionOptions,
  events: GatewayConnectionEvents,
): GatewayConnection {
  const listeners = new Set<(state: ConnectionState) => void>();
  let state: ConnectionState = { status: 'connecting' };
  let welcome: Welcome | undefined;
  let started = false;
  let attempt: Attempt | undefined;
  let failures = 0;
  let connectedAt = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let patience: ReturnType<typeof setTimeout> | undefined;
  let away: ChannelError | undefined;

  const isClosed = (): boolean => state.status === 'closed';
  const setState = (next: ConnectionState): void => {
    state = next;
    for (const listener of listeners) guarded(() => listener(next));
  };

  const askForToken = async (): Promise<string | undefined> =>
    typeof token === 'function' ? token() : token;

  const connect = async (): Promise<void> => {
    clearTimeout(retry);
    retry = undefined;
    try {
      const fresh = await askForToken();
      if (isClosed()) return;
      dial(fresh);
    } catch (error) {
      if (isClosed()) return;
      const stop = isChannelError(error) && !error.retryable;
      lose({ action: stop ? 'stop' : 'retry', error: stop ? error : noToken(error) });
    }
  };

  const dial = (fresh: string | undefined): void => {
    const way = route.next();
    let welcomed = false;
    attempt = openAttempt(
      {
        dial: way,
        hello: { key, rollupMs, ...(fresh !== undefined && { token: fresh }) },
        ...(typeof token === 'function' && { renew: async () => token() }),
        timeoutMs: CONNECT_TIMEOUT_MS,
      },
      {
        welcomed(next) {
          welcomed = true;
          route.report(true);
          enter(next);
        },
        received: (frame) => events.received(frame),
        lost(loss) {
          attempt = undefined;
          if (!welcomed) route.report(false);
          lose(loss);
        },
      },
    );
  };

  const enter = (next: Welcome): void => {
    if (welcome !== undefined && welcome.clientId !== next.clientId)
      return end(
        new ChannelError(
          'forbidden',
          'The token is for another client than before. Open other channels for it.',
        ),
      );
    welcome = next;
    connectedAt = performance.now();
    clearTimeout(patience);
    patience = undefined;
    away = undefined;
    setState({ status: 'connected' });
    events.connected();
  };

  const lose = ({ action, error }: Loss): void => {
    if (action === 'stop' || (action === 'renew' && typeof token !== 'function')) return end(error);
    if (state.status === 'connected') {
      if (performance.now() - connectedAt >= SETTLED_MS) failures = 0;
      setState({ status: 'disconnected', reason: error });
    }
    startPatience(error);
    const delay = delayAfter(failures, backoff, random());
    failures += 1;
    retry = setTimeout(() => void connect(), delay);
  };

  const startPatience = (error: ChannelError): void => {
    patience ??= setTimeout(() => {
      away = error;
      events.givenUp(error);
    }, offlineMs);
  };

  const shut = (next: ConnectionState): Attempt | undefined => {
    clearTimeout(retry);
    clearTimeout(patience);
    stopHurrying();
    const last = attempt;
    attempt = undefined;
    setState(next);
    return last;
  };

  const end = (error: ChannelError): void => {
    if (isClosed()) return;
    void shut({ status: 'closed', reason: error })?.leave();
    events.closed(error);
  };

  /** The network is back: no need to wait. */
  const hurry = (): void => {
    if (retry !== undefined) void connect();
  };
  const stopHurrying = onceOnline(hurry);

  return {
    get state() {
      return state;
    },
    get clientId() {
      return welcome?.clientId;
    },
    get features() {
      return welcome?.features ?? ASSUMED;
    },
    get maxFrameBytes() {
      return welcome?.maxFrameBytes ?? Number.POSITIVE_INFINITY;
    },
    subscribe(listener) {
      const each = (next: ConnectionState): void => listener(next);
      listeners.add(each);
      return () => void listeners.delete(each);
    },
    start() {
      if (state.status === 'closed')
        throw state.reason ?? new ChannelError('closed', 'These channels were closed.');
      if (away !== undefined)
        throw new ChannelError('unavailable', 'The gateway has been out of reach for too long.', {
          cause: away,
        });
      if (started) return;
      started = true;
      startPatience(new ChannelError('unavailable', 'The gateway has not answered yet.'));
      void connect();
    },
    send: (text) => attempt?.send(text),
    reset: (message) => attempt?.drop(message),
    async close() {
      if (isClosed()) return;
      const last = shut({ status: 'closed' });
      events.closed(undefined);
      await last?.leave();
    },
  };
}

function noToken(cause: unknown): ChannelError {
  return new ChannelError('unavailable', 'There was no token to connect with.', { cause });
}

/** Calls `listener` when a browser is online again, until the returned function is called. */
function onceOnline(listener: () => void): () => void {
  if (typeof globalThis.addEventListener !== 'function') return () => {};
  globalThis.addEventListener('online', listener);
  return () => globalThis.removeEventListener('online', listener);
}
