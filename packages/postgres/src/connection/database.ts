import { setMaxListeners } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { ChannelError, isChannelError } from '@holdfast/channel';
import type { Pool, PoolClient } from 'pg';
import { isConnectionLost, toChannelError } from './errors.ts';

/** Prepared once per connection, under its name. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** What statements run on. Throws ChannelErrors only. */
export interface Connection {
  query<Row extends object>(
    statement: Statement | string,
    values?: readonly unknown[],
  ): Promise<readonly Row[]>;
}

/** The pool as the engine uses it. A connection that cannot be had is tried again for a while: nothing was sent yet. */
export interface Database extends Connection {
  /** One statement, by itself. `unknown_outcome` where the connection broke before the answer came. */
  query: Connection['query'];
  /** The same for a statement that only reads: tried again when the connection breaks. */
  read: Connection['query'];
  /** Committed when `work` returns, undone when it throws. `unknown_outcome` where the commit got no answer. */
  transaction<T>(work: (connection: Connection) => Promise<T>): Promise<T>;
  /** A connection for oneself. */
  connect(): Promise<PoolClient>;
  /** Ends waiting for Postgres; the pool stays open. */
  close(): void;
}

const FIRST_DELAY_MS = 50;
const MAX_DELAY_MS = 1000;
/**
 * A process that is gone without a word would hold its locks until TCP notices, in hours: the server ends its transaction
 * while others still try.
 */
const LEAST_SILENCE_MS = 100;
const MOST_SILENCE_MS = 60_000;

export function createDatabase(pool: Pool, retryMs: number): Database {
  const silenceMs = Math.min(Math.max(Math.ceil(retryMs / 2), LEAST_SILENCE_MS), MOST_SILENCE_MS);
  const begin = `BEGIN; SET LOCAL idle_in_transaction_session_timeout = ${silenceMs}`;
  const closing = new AbortController();
  // Everybody who waits for Postgres listens: Node warns of more than ten.
  setMaxListeners(0, closing.signal);
  const closed = (): ChannelError => new ChannelError('closed', 'The engine was closed.');
  // Idle connections that break are the pool's to replace; unheard, they would end the process.
  const ignore = (): void => {};
  pool.on('error', ignore);
  // So would one that breaks as it begins, before anybody holds it.
  const hush = (client: PoolClient): void => void client.on('error', ignore);
  pool.on('connect', hush);

  /** Tries until it works, fails for good, or the time is up. */
  const persist = async <T>(work: () => Promise<T>): Promise<T> => {
    const deadline = performance.now() + retryMs;
    for (let delay = FIRST_DELAY_MS; ; delay = Math.min(delay * 2, MAX_DELAY_MS)) {
      try {
        return await work();
      } catch (cause) {
        if (closing.signal.aborted) throw closed();
        const error = toChannelError(cause);
        if (!error.retryable || performance.now() + delay > deadline) throw error;
        await wait(delay, undefined, { signal: closing.signal }).catch(() => {});
        if (closing.signal.aborted) throw closed();
      }
    }
  };

  const connect = (): Promise<PoolClient> => persist(() => pool.connect());

  const run = async <T>(work: (client: PoolClient) => Promise<T>): Promise<T> => {
    const client = await connect();
    // A connection that breaks between two statements tells by this event, and by the next statement's failure.
    client.on('error', ignore);
    let broken: Error | undefined;
    try {
      return await work(client);
    } catch (error) {
      if (isConnectionLost(error)) broken = toChannelError(error);
      throw error;
    } finally {
      client.off('error', ignore);
      client.release(broken);
    }
  };

  const query: Connection['query'] = <Row extends object>(
    statement: Statement | string,
    values: readonly unknown[] = [],
  ) =>
    run(async (client) => send<Row>(client, statement, values)).catch((error: unknown) => {
      throw !isChannelError(error) && isConnectionLost(error) ? unknownOutcome(error) : toChannelError(error);
    });

  return {
    query,
    read: (statement, values) => persist(() => query(statement, values)),
    connect,
    transaction: (work) =>
      run(async (client) => {
        let committing = false;
        try {
          await client.query(begin);
          const result = await work({
            query: (statement, values = []) => send(client, statement, values),
          });
          committing = true;
          await client.query('COMMIT');
          return result;
        } catch (error) {
          const lost = isConnectionLost(error);
          if (!lost) await client.query('ROLLBACK').catch(ignore);
          throw lost && committing ? unknownOutcome(error) : error;
        }
      }).catch((error: unknown) => {
        throw toChannelError(error);
      }),
    close() {
      closing.abort();
      pool.off('error', ignore);
      pool.off('connect', hush);
    },
  };
}

async function send<Row extends object>(
  client: PoolClient,
  statement: Statement | string,
  values: readonly unknown[],
): Promise<readonly Row[]> {
  const config = typeof statement === 'string' ? { text: statement } : statement;
  const { rows } = await client.query<Row>({ ...config, values: [...values] });
  return rows;
}

function unknownOutcome(cause: unknown): ChannelError {
  return new ChannelError(
    'unknown_outcome',
    'The connection to Postgres broke before the answer came: it may have happened or not. Try again.',
    { cause },
  );
}
