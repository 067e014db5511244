import type { Script } from '../scripts/scripts.ts';

/** What the engine asks of a client library; errors are the library's own. */
export interface Driver {
  readonly isCluster: boolean;
  /** Whether what is run now is sent now, rather than kept until there is a connection. */
  readonly isReady: boolean;
  run(script: Script, keys: readonly string[], values: readonly string[]): Promise<unknown>;
  /** Keys that match, in no order; some may come twice. Of a cluster those of all nodes. */
  scan(pattern: string): AsyncIterable<string>;
  subscribe(channel: string): Promise<void>;
  unsubscribe(channel: string): Promise<void>;
  /**
   * Gives up a connection that is dead without a word and makes a new one: a client takes it for alive as long as it
   * writes to it. Clusters see to that by themselves.
   */
  renew(connection: 'client' | 'subscriber'): void;
  /** Lets go of the client, and ends the subscriber where it is the driver's own. */
  close(): void;
}

export interface DriverEvents {
  readonly message: (channel: string, text: string) => void;
  /** A connection was made or lost: another server may answer from now on, and messages may have been missed. */
  readonly turn: () => void;
  readonly error: (error: unknown) => void;
}

/** Subscribes to events of a client; returns how to stop. */
export function listen(
  client: {
    on(event: string, listener: (...details: unknown[]) => void): unknown;
    off(event: string, listener: (...details: unknown[]) => void): unknown;
  },
  listeners: Readonly<Record<string, (...details: unknown[]) => void>>,
): () => void {
  for (const [event, listener] of Object.entries(listeners)) client.on(event, listener);
  return () => {
    for (const [event, listener] of Object.entries(listeners)) client.off(event, listener);
  };
}

/** Scripts are kept by the server until it restarts; it says so where it has none. */
export function isUnknownScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT');
}

/** One step of `SCAN`: a cursor and a pattern. As a script it takes the same way with each library. */
const SCAN = `return redis.call('SCAN', ARGV[1], 'MATCH', ARGV[2], 'COUNT', 1000)`;

/** Goes through one server's keys. */
export async function* scanWith(
  run: (source: string, values: string[]) => Promise<unknown>,
  pattern: string,
): AsyncGenerator<string> {
  let cursor = '0';
  do {
    const answer = await run(SCAN, [cursor, pattern]);
    const [next, keys] = answer as readonly [unknown, readonly unknown[]];
    for (const key of keys) yield String(key);
    cursor = String(next);
  } while (cursor !== '0');
}
