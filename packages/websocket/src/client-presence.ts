import type { Presence, PresenceEvent } from '@holdfast/channel';
import type { Calls } from './calls.ts';
import type { Opened, Sustained } from './sustained.ts';

/** This connection's presence in its channels: what it has entered is entered again on every new connection. */
export interface ClientPresence {
  of(channel: string): Presence;
  received(watch: number, event: PresenceEvent): void;
}

export function createClientPresence(calls: Calls, sustained: Sustained): ClientPresence {
  const watches = new Map<number, (event: PresenceEvent) => void>();

  const presenceOf = (channel: string): Presence => {
    let entered: Opened<'done'> | undefined;
    /** Counts what was asked for: only the last word is kept up. */
    let words = 0;
    return {
      async enter(data = null) {
        words += 1;
        const word = words;
        const opened = await sustained.open('done', channel, (id, alias) => ['enter', id, alias, data]);
        if (word !== words) return opened.close();
        entered?.close();
        entered = opened;
      },
      async leave() {
        words += 1;
        entered?.close();
        entered = undefined;
        await calls.ask('done', channel, (id, alias) => ['leave', id, alias]);
      },
      async members() {
        const [, , members] = await calls.ask('members', channel, (id, alias) => ['members', id, alias]);
        return members;
      },
      async subscribe(listener) {
        let own = 0;
        const forget = (): void => void watches.delete(own);
        try {
          const opened = await sustained.open('done', channel, (id, alias) => {
            own = id;
            watches.set(id, listener);
            return ['watch', id, alias];
          });
          void opened.closed.then(forget);
          return opened;
        } catch (error) {
          forget();
          throw error;
        }
      },
    };
  };

  return { of: presenceOf, received: (watch, event) => watches.get(watch)?.(event) };
}
