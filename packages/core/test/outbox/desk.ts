import type { Channel, Channels, Draft, Message } from '@holdfast/channel';
import { createMemoryChannels, createMemoryEngine } from '@holdfast/channel/memory';
import { withFaults } from '@holdfast/conformance/faults';
import { openSession, parseRecord } from '@holdfast/core';
import type { DeviceId, Session, Unsent } from '@holdfast/core';
import {
  createMemoryStore,
  durableOutbox,
  type DurableOutboxOptions,
  type OutboxStore,
} from '@holdfast/core/outbox';
import { onTestFinished } from 'vitest';
import { textOf } from '../text-codec.ts';
import { createOrigin } from './origin.ts';

export const NAME = 'desk';

/** One tab of a browser, whose network can be cut. */
export interface Tab {
  readonly session: Session;
  readonly unsent: Unsent;
  cut(): void;
  heal(): void;
  /** As a browser ends a page: nothing more of it happens, its locks are free. */
  kill(): void;
}

export interface TabOptions extends Partial<DurableOutboxOptions> {
  readonly user?: string;
  readonly device?: string;
  readonly isOffline?: boolean;
  /** How the tab publishes. Default: as the channel does. */
  readonly publish?: (publish: () => Promise<Published>, draft: Draft) => Promise<Published>;
  /** Called before and after everything that leaves the tab. */
  readonly step?: (tab: Pick<Tab, 'kill'>) => void;
}

type Published = Awaited<ReturnType<Channel['publish']>>;

/** A browser on a desk: tabs over one store, and what their channel has in the end. */
export interface Desk {
  readonly store: OutboxStore;
  open(options?: TabOptions): Tab;
  connect(user: string): Channels;
  /** Inputs that the channel has, oldest first. */
  readonly stored: () => Promise<readonly Message[]>;
  /** What they say. */
  readonly said: () => Promise<readonly string[]>;
  /** What the store keeps. */
  readonly kept: () => Promise<readonly string[]>;
}

export function openDesk(store: OutboxStore = createMemoryStore()): Desk {
  const engine = createMemoryEngine();
  const origin = createOrigin();
  const closers: (() => unknown)[] = [];
  onTestFinished(async () => {
    for (const close of closers.toReversed()) await close();
    await engine.close();
  });
  const connect = (clientId: string): Channels => {
    const channels = createMemoryChannels({ engine, clientId });
    closers.push(() => channels.close());
    return channels;
  };
  const stored = async (): Promise<readonly Message[]> => {
    const { messages } = await connect('reader').channel(NAME).history({ limit: 1000 });
    return messages.filter(({ name }) => name === 'input').toReversed();
  };

  const open = ({ user = 'ada', device, isOffline, publish, step, ...options }: TabOptions = {}): Tab => {
    const page = origin.open();
    let isAlive = true;
    /** What the page waits for it hears of only while it is there. */
    const live = async <T>(work: () => Promise<T>): Promise<T> => {
      if (isAlive) step?.(tab);
      if (!isAlive) return new Promise(() => {});
      const result = await work();
      if (isAlive) step?.(tab);
      return isAlive ? result : new Promise(() => {});
    };
    const channels = connect(user);
    const channel = channels.channel(NAME);
    const watched: Channel = {
      ...channel,
      features: channel.features,
      publish(operations, choices) {
        const [operation] = [operations].flat();
        const send = (): Promise<Published> => live(() => channel.publish(operations, choices));
        return publish && operation?.action === 'create' ? publish(send, operation.draft) : send();
      },
    };
    const faulty = withFaults({ ...channels, channel: () => watched }, { seed: 1 });
    let heal = isOffline ? faulty.cut() : () => {};
    const cut = (): void => {
      heal();
      heal = faulty.cut();
    };
    const session = openSession({
      channels: faulty,
      name: NAME,
      ...(device !== undefined && { device: device as string as DeviceId }),
      outbox: durableOutbox({
        store: {
          load: (name) => live(() => store.load(name)),
          put: (entry) => live(() => store.put(entry)),
          remove: (id) => live(() => store.remove(id)),
        },
        locks: page.locks,
        ...options,
      }),
    });
    closers.push(() => session.close());
    const { unsent } = session;
    if (!unsent) throw new Error('A durable outbox has what is not sent.');
    const tab: Tab = {
      session,
      unsent,
      cut,
      heal: () => heal(),
      kill() {
        isAlive = false;
        cut();
        page.close();
      },
    };
    return tab;
  };

  return {
    store,
    connect,
    stored,
    open,
    async said() {
      return (await stored()).map((message) => {
        const { record } = { record: undefined, ...parseRecord(message) };
        return record?.kind === 'input' ? textOf(record.message.parts) : '?';
      });
    },
    async kept() {
      return (await store.load(NAME)).map(({ draft }) => draft.name);
    },
  };
}

/** What a tab shows: each message, and whether it is sent. */
export function shown({ session }: Pick<Tab, 'session'>): readonly string[] {
  return session.snapshot.messages.map(({ parts, delivery }) => `${textOf(parts)}: ${delivery}`);
}
