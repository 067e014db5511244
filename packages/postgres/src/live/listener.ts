import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { Notification, PoolClient } from 'pg';
import type { Database } from '../connection/database.ts';

export interface ListenerOptions {
  readonly database: Database;
  readonly topic: string;
  readonly receive: (payload: string) => void;
  /** Called each time that listening begins: what was sent before is missed. */
  readonly began: () => void;
}

/** A connection of the pool that listens, replaced when it breaks. */
export interface Listener {
  readonly isListening: boolean;
  close(): Promise<void>;
}

const RETRY_MS = 200;
/** A connection that says nothing for so long is taken for broken. */
const SILENCE_MS = 5000;

export function openListener({ database, topic, receive, began }: ListenerOptions): Listener {
  const closing = new AbortController();
  const { signal } = closing;
  const aborted = once(signal, 'abort');
  let isListening = false;

  /** Listens until the connection breaks, or the listener is closed. */
  const listen = async (client: PoolClient): Promise<void> => {
    const broken = new Promise<void>((resolve) => {
      client.on('error', () => resolve());
      client.on('end', resolve);
    });
    const ended = Promise.race([broken, aborted]);
    const hear = ({ payload }: Notification): void => receive(payload ?? '');
    client.on('notification', hear);
    await client.query(`LISTEN ${topic}`);
    isListening = true;
    began();
    const answered = async (): Promise<boolean> => {
      const answer = client.query('SELECT 1').then(
        () => true,
        () => false,
      );
      return Promise.race([answer, wait(SILENCE_MS, false, { ref: false })]);
    };
    for (;;) {
      const pause = wait(SILENCE_MS, 'ask', { ref: false });
      if ((await Promise.race([ended, pause])) !== 'ask' || !(await answered())) return;
    }
  };

  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        const client = await database.connect();
        try {
          await listen(client);
        } finally {
          isListening = false;
          client.release(true);
        }
      } catch {
        // Tried again; until then heads are compared more often.
      }
      await wait(RETRY_MS, undefined, { signal }).catch(() => {});
    }
  };

  const ended = run();
  return {
    get isListening() {
      return isListening;
    },
    async close() {
      closing.abort();
      await ended;
    },
  };
}
