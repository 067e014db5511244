import { ChannelError, createBackoff, createRandomId, isChannelError } from '@holdfast/channel';
import type { ChannelFeatures, Connection, ConnectionState } from '@holdfast/channel';
import { openAttempt, type Attempt, type Loss, type SharedFrame, type Welcome } from './attempt.ts';
import { guarded } from './guarded.ts';
import type { WebSocketChannelsOptions } from './options.ts';
import { createRoute } from './route.ts';

export interface GatewayConnectionEvents {
  readonly connected: () => void;
  readonly received: (frame: SharedFrame) => void;
  /** The connection has been away for too long to keep callers waiting, or is closed. */
  readonly givenUp: (error: ChannelError) => void;
  /** After that, for good; no error where the caller closed it. */
  readonly closed: (error: ChannelError | undefined) => void;
}

/** The connection that outlives connections: one attempt after the other, with a back-off between them. */
export interface GatewayConnection extends Connection {
  readonly features: ChannelFeatures;
  readonly maxFrameBytes: number;
  /** Connects, if nothing has yet. @throws ChannelError where it is closed, or has been away for too long */
  start(): void;
  /** Only while connected. */
  send(text: string): void;
  close(): Promise<void>;
}

/** A connection that lived this long was a good one: the next wait is short again. */
const SETTLED_MS = 250;

/** What is believed until the gateway says what it can do. */
const ASSUMED: ChannelFeatures = {
  maxMessageBytes: 1 << 20,
  checksOffsets: true,
  seal: true,
  presenceLeaseMs: 15_000,
};

/** What a browser calls when the network is back. */
const page: Partial<Pick<typeof globalThis, 'addEventListener' | 'removeEventListener'>> = globalThis;

/** @throws TypeError for options that can't be right */
export function createGatewayConnection(
  options: WebSocketChannelsOptions,
  events: GatewayConnectionEvents,
): GatewayConnection {
  const { token, rollupMs = 40, offlineMs = 30_000 } = options;
  if (!Number.isInteger(rollupMs) || rollupMs < 0 || rollupMs > 500)
    throw new TypeError('rollupMs must be a whole number from 0 to 500');
  const route = createRoute(options);
  const backoff = createBackoff(options.random, options.backoff);
  const key = createRandomId();
  const listeners = new Set<(state: ConnectionState) => void>();
  let state: ConnectionState = { status: 'connecting' };
  let welcome: Welcome | undefined;
  let attempt: Attempt | undefined;
  let started = false;
  let connectedAt = 0;
  let patience: ReturnType<typeof setTimeout> | undefined;
  let lost: ChannelError | undefined;
  /** Why nothing can be asked. */
  let refusal: ChannelError | undefined;

  const isClosed = (): boolean => state.status === 'closed';
  const setState = (next: ConnectionState, changed?: () => void): void => {
    state = next;
    changed?.();
    for (const listener of listeners) guarded(() => listener(next));
  };
  const giveUp = (error: ChannelError): void => {
    refusal = error;
    events.givenUp(error);
  };
  const beginToWait = (): void => {
    patience ??= setTimeout(() => {
      giveUp(new ChannelError('unavailable', 'The gateway is out of reach.', { cause: lost }));
    }, offlineMs);
  };

  /** One attempt, from asking for its token to its loss; undefined where it is closed meanwhile. */
  const connect = async (): Promise<Loss | undefined> => {
    const fresh = typeof token === 'function' ? await token() : token;
    if (isClosed()) return undefined;
    attempt = openAttempt(
      { dial: route.dial, hello: { key, rollupMs, ...(fresh !== undefined && { token: fresh }) }, token },
      { welcomed: enter, received: events.received },
    );
    const loss = await attempt.lost;
    attempt = undefined;
    if (state.status !== 'connected') route.report(false);
    return loss;
  };

  const enter = (next: Welcome): void => {
    if (isClosed()) return;
    route.report(true);
    if (welcome && welcome.clientId !== next.clientId)
      return void shut(new ChannelError('forbidden', 'The token is for another client than before.'));
    welcome = next;
    connectedAt = performance.now();
    clearTimeout(patience);
    patience = undefined;
    refusal = undefined;
    // What waits goes first: a listener may ask for more.
    setState({ status: 'connected' }, events.connected);
  };

  const run = async (): Promise<void> => {
    page.addEventListener?.('online', backoff.wake);
    beginToWait();
    while (!isClosed()) {
      const loss = await connect().catch(notConnected);
      if (!loss || isClosed()) return;
      const { action, error } = loss;
      if (action === 'stop' || (action === 'renew' && typeof token !== 'function')) return void shut(error);
      lost = error;
      if (state.status === 'connected') {
        if (performance.now() - connectedAt >= SETTLED_MS) backoff.reset();
        setState({ status: 'disconnected', reason: error });
      }
      beginToWait();
      await backoff.wait();
    }
  };

  const shut = async (reason?: ChannelError): Promise<void> => {
    if (isClosed()) return;
    clearTimeout(patience);
    backoff.wake();
    page.removeEventListener?.('online', backoff.wake);
    setState({ status: 'closed', ...(reason && { reason }) });
    giveUp(reason ?? new ChannelError('closed', 'These channels were closed.'));
    events.closed(reason);
    await attempt?.leave();
  };

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
      return welcome?.maxFrameBytes ?? Infinity;
    },
    subscribe(listener) {
      const each = (next: ConnectionState): void => listener(next);
      listeners.add(each);
      return () => void listeners.delete(each);
    },
    start() {
      if (refusal) throw refusal;
      if (started) return;
      started = true;
      void run();
    },
    send: (text) => attempt?.send(text),
    close: () => shut(),
  };
}

function notConnected(cause: unknown): Loss {
  return isChannelError(cause) && !cause.retryable
    ? { action: 'stop', error: cause }
    : {
        action: 'retry',
        error: new ChannelError('unavailable', 'There was no token to connect with, or no way.', { cause }),
      };
}
