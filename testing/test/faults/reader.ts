import {
  createChannelFold,
  followChannel,
  type Channel,
  type FollowEvent,
  type Message,
  type Position,
} from '@holdfast/channel';
import { expect } from 'vitest';
import { isSight, type Script } from './script.ts';

/** How long a reader may take to know what is stored: forever, as far as tests go. */
const PATIENCE_MS = 20_000;

/** Somebody who follows a session, and believes nothing that wasn't so. */
export interface Reader {
  readonly ready: Promise<void>;
  /** How often it was told that something is missing. */
  readonly gaps: number;
  /** Waits until it knows what is stored, and nothing else. */
  agrees(stored: readonly Message[]): Promise<void>;
  close(): void;
}

export function read(channel: Channel, scripts: ReadonlyMap<string, Script>): Reader {
  const fold = createChannelFold();
  const faults: string[] = [];
  let gaps = 0;
  let wake = (): void => {};

  const look = (message: Message | undefined): void => {
    const script = message && scripts.get(message.id);
    if (message === undefined || script === undefined) faults.push('a message that nobody wrote');
    else if (!isSight(script, message)) faults.push(`${message.id} was never ${JSON.stringify(message)}`);
  };
  const hear = (event: FollowEvent): void => {
    switch (event.kind) {
      case 'page':
        for (const message of event.messages) {
          fold.add(message);
          look(fold.get(message.serial));
        }
        break;
      case 'gap':
        gaps += 1;
        fold.apply({ kind: 'gap', position: '' as Position });
        break;
      case 'delivery': {
        const { delivery } = event;
        const serial = delivery.kind === 'message' ? delivery.message.serial : delivery.serial;
        // Text without its base: something was lost, and nobody said so.
        if (fold.apply(delivery).missing !== undefined)
          faults.push(`a silent gap: ${JSON.stringify(delivery)}`);
        else look(fold.get(serial));
        break;
      }
      case 'live':
        for (const serial of event.vanished) faults.push(`${serial} vanished`);
        break;
      case 'signal':
    }
    wake();
  };
  const following = followChannel(channel, hear);
  void following.closed.then((error) => {
    if (error !== undefined) faults.push(`it was closed: ${error.code} ${error.message}`);
    wake();
  });

  return {
    ready: following.ready,
    get gaps() {
      return gaps;
    },
    async agrees(stored) {
      const wanted = standOf(stored);
      let late = false;
      const timer = setTimeout(() => {
        late = true;
        wake();
      }, PATIENCE_MS);
      while (standOf(fold.messages()) !== wanted && faults.length === 0 && !late)
        await new Promise<void>((resolve) => (wake = resolve));
      clearTimeout(timer);
      expect(faults).toEqual([]);
      expect(fold.messages()).toEqual(stored);
    },
    close: () => following.close(),
  };
}

/** Which versions of which messages there are. */
function standOf(messages: readonly Message[]): string {
  return messages
    .map(({ serial, version, annotations }) => `${serial} ${version} ${annotations?.version ?? ''}`)
    .join('\n');
}
