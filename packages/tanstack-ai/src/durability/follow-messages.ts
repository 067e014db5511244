import { createChannelFold, followChannel, type Channel, type Message } from '@holdfast/channel';
import { NAME } from './chunk-lines.ts';

export interface Followed {
  /** Every message of the run so far, oldest first. */
  readonly messages: readonly Message[];
  /** Resolves when what is stored is there; rejects where it can't be read. */
  readonly ready: Promise<void>;
  close(): void;
}

/** Follows a run's messages. `changed` is called with each change, and with what ends it. */
export function followMessages(channel: Channel, changed: (failure?: Error) => void): Followed {
  const fold = createChannelFold();
  const following = followChannel(channel, (event) => {
    if (event.kind === 'page') for (const message of event.messages) fold.add(message);
    else if (event.kind === 'delivery' && fold.apply(event.delivery).missing !== undefined)
      following.repair();
    changed();
  });
  void following.closed.then(changed);
  const load = async (): Promise<void> => {
    await following.ready;
    while (following.hasOlder && (await following.loadOlder()));
  };
  return {
    get messages() {
      return fold.messages().filter(({ name }) => name === NAME);
    },
    ready: load(),
    close: () => following.close(),
  };
}
