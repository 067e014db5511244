import type { IoRedisClient } from '../client.ts';
import { isUnknownScript, listen, scanWith, type Driver, type DriverEvents } from './driver.ts';

export function createIoRedisDriver(
  client: IoRedisClient,
  given: IoRedisClient | undefined,
  { message, turn, error }: DriverEvents,
): Driver {
  let own: IoRedisClient | undefined;
  let stopSubscriber: (() => void) | undefined;
  const stop = listen(client, { ready: turn, close: turn, error });

  /** A cluster keeps connections for its subscriptions by itself. */
  const subscriber = (): IoRedisClient => {
    const found = given ?? own ?? (client.isCluster ? client : (own = client.duplicate()));
    stopSubscriber ??= listen(found, {
      smessage: (channel, text) => message(String(channel), String(text)),
      ...(found !== client && { ready: turn, close: turn, error }),
    });
    return found;
  };

  return {
    isCluster: client.isCluster,
    get isReady() {
      // `wait`: it connects for the first command.
      return client.status === 'ready' || client.status === 'wait';
    },
    async run({ source, sha }, keys, values) {
      try {
        return await client.evalsha(sha, keys.length, ...keys, ...values);
      } catch (cause) {
        if (!isUnknownScript(cause)) throw cause;
        return client.eval(source, keys.length, ...keys, ...values);
      }
    },
    async *scan(pattern) {
      const nodes = client.isCluster ? (client.nodes?.('master') ?? []) : [client];
      for (const node of nodes) yield* scanWith((source, values) => node.eval(source, 0, ...values), pattern);
    },
    async subscribe(channel) {
      await subscriber().ssubscribe(channel);
    },
    async unsubscribe(channel) {
      await subscriber().sunsubscribe(channel);
    },
    renew(connection) {
      if (client.isCluster) return;
      const dead = connection === 'client' ? client : subscriber();
      if (dead.status === 'ready') dead.disconnect(true);
    },
    close() {
      stop();
      stopSubscriber?.();
      own?.on('error', () => {});
      own?.disconnect();
    },
  };
}
