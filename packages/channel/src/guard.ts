import type { Channel, Channels, Subscription } from './contract.ts';
import { ChannelError } from './errors.ts';
import { checkAnnotationsQuery, checkHistoryQuery, checkName } from './guard/arguments.ts';
import { checkJson } from './guard/json.ts';
import { checkDraft, checkOperations } from './guard/operations.ts';
import type { Presence } from './presence.ts';

/**
 * Puts the checks that every adapter owes its callers in front of one: arguments are what the contract says, or refused
 * with the path of the bad field; after `close()` everything throws `closed`; one object for each name.
 */
export function guardChannels(driver: Channels): Channels {
  const channels = new Map<string, Channel>();
  let closing: Promise<void> | undefined;
  const checkOpen = (): void => {
    if (closing !== undefined) throw new ChannelError('closed', 'These channels were closed.');
  };
  return {
    connection: driver.connection,
    channel(name) {
      checkName(name);
      const channel = channels.get(name) ?? guardChannel(driver.channel(name), checkOpen);
      channels.set(name, channel);
      return channel;
    },
    close() {
      closing ??= driver.close();
      return closing;
    },
  };
}

function guardChannel(driver: Channel, checkOpen: () => void): Channel {
  return {
    name: driver.name,
    get features() {
      return driver.features;
    },
    presence: guardPresence(driver.presence, checkOpen),
    async publish(operations, options = {}) {
      checkOpen();
      options.signal?.throwIfAborted();
      const list = checkOperations(operations, driver.features);
      return list.length === 0 ? [] : orAborted(driver.publish(list, options), options.signal);
    },
    async signal(draft) {
      checkOpen();
      checkDraft(draft, 'draft', driver.features.maxMessageBytes);
      return driver.signal(draft);
    },
    async subscribe(listener, options = {}) {
      checkOpen();
      if (typeof listener !== 'function') throw new TypeError('subscribe: the listener must be a function');
      return stillOpen(await driver.subscribe(listener, options), checkOpen);
    },
    async history(query = {}) {
      checkOpen();
      checkHistoryQuery(query);
      return driver.history(query);
    },
    async annotations(serial, query = {}) {
      checkOpen();
      checkAnnotationsQuery(serial, query);
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
    async subscribe(listener) {
      checkOpen();
      if (typeof listener !== 'function') throw new TypeError('subscribe: the listener must be a function');
      return stillOpen(await driver.subscribe(listener), checkOpen);
    },
  };
}

/** What opened while everything was being closed is closed too. */
function stillOpen<T extends Pick<Subscription, 'close'>>(opened: T, checkOpen: () => void): T {
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
