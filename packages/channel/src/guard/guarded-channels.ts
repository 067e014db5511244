import type { Channel, ChannelFeatures, Channels, HistoryQuery, Subscription } from '../contract.ts';
import { ChannelError } from '../errors.ts';
import type { Serial } from '../ids.ts';
import type { Draft } from '../message.ts';
import type { Operation } from '../operation.ts';
import type { Presence } from '../presence.ts';
import { checkName } from './arguments.ts';
import { checkJson } from './json.ts';

/** How the arguments of one adapter are checked: each refuses by throwing. */
export interface ArgumentChecks {
  readonly operations: (operations: readonly Operation[], features: ChannelFeatures) => void;
  readonly draft: (draft: Draft, features: ChannelFeatures) => void;
  readonly history?: (query: HistoryQuery) => void;
  readonly annotations?: (serial: Serial, query: Pick<HistoryQuery, 'cursor' | 'limit'>) => void;
}

/** One object for each name, which throws `closed` after `close()`; arguments are checked before the driver sees them. */
export function guardWith(checks: ArgumentChecks, driver: Channels): Channels {
  const channels = new Map<string, Channel>();
  let closing: Promise<void> | undefined;
  const checkOpen = (): void => {
    if (closing) throw new ChannelError('closed', 'These channels were closed.');
  };
  return {
    connection: driver.connection,
    channel(name) {
      checkName(name);
      const channel = channels.get(name) ?? guardChannel(driver.channel(name), checks, checkOpen);
      channels.set(name, channel);
      return channel;
    },
    close: () => (closing ??= driver.close()),
  };
}

function guardChannel(driver: Channel, checks: ArgumentChecks, checkOpen: () => void): Channel {
  return {
    name: driver.name,
    get features() {
      return driver.features;
    },
    presence: guardPresence(driver.presence, checkOpen),
    async publish(operations, options = {}) {
      checkOpen();
      const { signal } = options;
      signal?.throwIfAborted();
      const list = [operations].flat();
      checks.operations(list, driver.features);
      return list.length === 0 ? [] : orAborted(driver.publish(list, options), signal);
    },
    async signal(draft) {
      checkOpen();
      checks.draft(draft, driver.features);
      return driver.signal(draft);
    },
    subscribe: (listener, options = {}) =>
      whileOpen(checkOpen, listener, () => driver.subscribe(listener, options)),
    async history(query = {}) {
      checkOpen();
      checks.history?.(query);
      return driver.history(query);
    },
    async annotations(serial, query = {}) {
      checkOpen();
      checks.annotations?.(serial, query);
      return driver.annotations(serial, query);
    },
  };
}

function guardPresence(driver: Presence, checkOpen: () => void): Presence {
  return {
    async enter(data = null) {
      checkOpen();
      checkJson(data, 'data');
      return driver.enter(data);
    },
    async leave() {
      checkOpen();
      return driver.leave();
    },
    async members() {
      checkOpen();
      return driver.members();
    },
    subscribe: (listener) => whileOpen(checkOpen, listener, () => driver.subscribe(listener)),
  };
}

/** What opens while everything is being closed is closed too. */
async function whileOpen<T extends Pick<Subscription, 'close'>>(
  checkOpen: () => void,
  listener: unknown,
  open: () => Promise<T>,
): Promise<T> {
  checkOpen();
  if (typeof listener !== 'function') throw new TypeError('subscribe: the listener must be a function');
  const opened = await open();
  try {
    checkOpen();
  } catch (error) {
    opened.close();
    throw error;
  }
  return opened;
}

/** Rejects with the signal's reason as soon as it is aborted; what becomes of the operation is then unknown. */
function orAborted<T>(result: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return result;
  return new Promise<T>((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    result.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
