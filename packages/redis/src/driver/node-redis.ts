import type { NodeRedisClient } from '../client.ts';
import { isUnknownScript, listen, scanWith, type Driver, type DriverEvents } from './driver.ts';

export function createNodeRedisDriver(
  client: NodeRedisClient,
  given: NodeRedisClient | undefined,
  { message, turn, error }: DriverEvents,
): Driver {
  const isCluster = 'slots' in client;
  const events = { ready: turn, connect: turn, reconnecting: turn, end: turn, error };
  const stop = listen(client, events);
  let own: NodeRedisClient | undefined;
  let stopSubscriber: (() => void) | undefined;
  let connected: Promise<unknown> | undefined;
  const hear = (text: string, channel: string): void => message(channel, text);

  /** A cluster keeps connections for its subscriptions by itself. */
  const subscriber = async (): Promise<NodeRedisClient> => {
    const found = given ?? own ?? (isCluster ? client : (own = client.duplicate()));
    if (found !== client) stopSubscriber ??= listen(found, events);
    if (found === own) {
      connected ??= found.connect();
      await connected;
    }
    return found;
  };

  return {
    isCluster,
    get isReady() {
      return client.isReady;
    },
    async run({ source, sha }, keys, values) {
      const options = { keys: [...keys], arguments: [...values] };
      try {
        return await client.evalSha(sha, options);
      } catch (cause) {
        if (!isUnknownScript(cause)) throw cause;
        return client.eval(source, options);
      }
    },
    async *scan(pattern) {
      for (const master of isCluster ? (client.masters ?? []) : [undefined]) {
        const node = (await client.nodeClient?.(master)) ?? client;
        yield* scanWith((source, values) => node.eval(source, { keys: [], arguments: values }), pattern);
      }
    },
    async subscribe(channel) {
      await (await subscriber()).sSubscribe(channel, hear);
    },
    async unsubscribe(channel) {
      await (await subscriber()).sUnsubscribe(channel, hear);
    },
    renew(connection) {
      const dead = connection === 'client' ? client : (given ?? own);
      if (isCluster || dead?.isReady !== true) return;
      dead.destroy();
      dead.connect().catch(error);
    },
    close() {
      stop();
      stopSubscriber?.();
      own?.on('error', () => {});
      own?.destroy();
    },
  };
}
