import type { Presence } from '@holdfast/channel';
import type { Opened, Requests } from './requests.ts';

/** This client's presence in one channel: what it has entered is entered again on every new connection. */
export function createPresence(channel: string, { ask, open }: Pick<Requests, 'ask' | 'open'>): Presence {
  let entered: Opened<'done'> | undefined;
  /** Counts what was asked for: only the last word is kept up. */
  let words = 0;
  return {
    async enter(data = null) {
      const word = (words += 1);
      const opened = await open(channel, 'done', (id, alias) => ['enter', id, alias, data]);
      if (word !== words) return opened.close();
      entered?.close();
      entered = opened;
    },
    async leave() {
      words += 1;
      entered?.close();
      entered = undefined;
      await ask(channel, 'done', (id, alias) => ['leave', id, alias]);
    },
    async members() {
      const [, , members] = await ask(channel, 'members', (id, alias) => ['members', id, alias]);
      return members;
    },
    subscribe: (listener) =>
      open(channel, 'done', (id, alias) => ['watch', id, alias], { present: (event) => listener(event) }),
  };
}
