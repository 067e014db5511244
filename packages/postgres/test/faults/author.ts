import { isChannelError, type Operation, type Receipt } from '@holdfast/channel';
import type { Engine, Publisher } from '@holdfast/channel/engine';
import { append, receiptOf } from '@holdfast/testing/acts';

/** What an author was told is stored, by id. */
export type Written = ReadonlyMap<string, string>;

export interface Author {
  /** Grows by acknowledged text. */
  readonly written: Written;
  /** Calls that had to be made again. */
  readonly retries: number;
  /** Resolves when so many more operations were acknowledged. */
  progress(count: number): Promise<void>;
  /** Ends with the operation in flight; rejects with what could not be made up for by trying again. */
  stop(): Promise<void>;
}

/** Writes messages into a session, delta by delta, and tries again what may be tried again, until it is stopped. */
export function startAuthor(engine: Engine, channel: string, clientId: string, deltas = 12): Author {
  const publisher: Publisher = { clientId, connectionId: clientId };
  const written = new Map<string, string>();
  const waiting: { readonly at: number; readonly resolve: () => void }[] = [];
  let acknowledged = 0;
  let retries = 0;
  let open = true;

  const commit = async (operation: Operation): Promise<Receipt> => {
    for (;;)
      try {
        const receipt = receiptOf(await engine.commit(channel, publisher, [operation]));
        acknowledged += 1;
        for (const { at, resolve } of waiting) if (acknowledged >= at) resolve();
        return receipt;
      } catch (error) {
        if (!isChannelError(error) || !error.retryable) throw error;
        retries += 1;
      }
  };
  const run = async (): Promise<void> => {
    for (let index = 0; open; index += 1) {
      const id = `${clientId} ${index}`;
      const { serial } = await commit({ action: 'create', draft: { id, name: 'output', data: '' } });
      written.set(id, '');
      for (let text = '', delta = 0; delta < deltas && open; delta += 1) {
        const data = `${delta}:${'x\0é\ud83d'.repeat((index + delta) % 40)};`;
        await commit(append(serial, text.length, data));
        text += data;
        written.set(id, text);
      }
    }
  };
  const ended = run();
  ended.catch(() => {});

  return {
    written,
    get retries() {
      return retries;
    },
    progress: (count) =>
      Promise.race([
        new Promise<void>((resolve) => waiting.push({ at: acknowledged + count, resolve })),
        ended.then(() => {
          throw new Error('The author has ended.');
        }),
      ]),
    async stop() {
      open = false;
      await ended;
    },
  };
}
