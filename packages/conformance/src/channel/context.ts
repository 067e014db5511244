import type { Channel, ChannelFeatures, Channels, Claims } from '@holdfast/channel';
import type { Opened } from '../law/run.ts';
import { violated } from '../law/violation.ts';
import type { BackendFaults, FaultName, Restore } from './backend-faults.ts';
import type { ChannelBackend, ChannelSuiteOptions } from './backend.ts';
import { openReader } from './reader.ts';
import type { Reader, ReaderOptions } from './reader.ts';

/** What one law works with: a channel of its own and connections to it that are closed when the law ends. */
export interface LawContext {
  readonly backend: ChannelBackend;
  readonly features: ChannelFeatures;
  /** The law's own channel, new and empty. */
  readonly name: string;
  /** How long to wait for what must happen, in milliseconds. */
  readonly patience: number;
  /** `count`, scaled to what the backend can bear, at least 3. */
  readonly scaled: (count: number) => number;
  /** Another new and empty channel's name. */
  readonly fresh: () => string;
  /** A fresh connection; an anonymous one without `clientId`. */
  readonly open: (clientId?: string, claims?: Claims) => Promise<Channels>;
  /** The law's channel over a fresh connection of this client. */
  readonly connect: (clientId: string) => Promise<Channel>;
  /** A strict subscriber to `channel`, see {@link Reader}. */
  readonly read: (channel: Channel, options?: Omit<ReaderOptions, 'patience'>) => Promise<Reader>;
  /** A fault that the law requires. */
  readonly fault: <Name extends FaultName>(name: Name) => NonNullable<BackendFaults[Name]>;
  /** Breaks a connection; the returned function lets it heal. */
  readonly cut: (channels: Channels) => Promise<Restore>;
}

export async function openContext({
  open,
  patience = 5000,
  scale = 1,
}: ChannelSuiteOptions): Promise<Opened<LawContext>> {
  const backend = await open();
  const opened: Channels[] = [];
  const readers: Reader[] = [];
  const connect = async (clientId?: string, claims?: Claims): Promise<Channels> => {
    const channels = await backend.connect(clientId, claims);
    opened.push(channels);
    return channels;
  };
  const close = async (): Promise<void> => {
    for (const reader of readers) reader.close();
    await Promise.all(opened.map((channels) => channels.close()));
    await backend.close();
  };
  const fault: LawContext['fault'] = (name) =>
    backend[name] ?? violated(`the law ran without the fault ${name}, which it needs`);

  try {
    const name = freshName();
    const first = await connect('anyone');
    const { features } = first.channel(name);
    // A burst of several publishers' calls, some of them twice, must not go over the limit of one.
    const most = (features.operationsPerSecond ?? Infinity) / 4;
    const context: LawContext = {
      backend,
      features,
      name,
      patience,
      scaled: (count) => Math.max(3, Math.ceil(Math.min(count * scale, most))),
      fresh: freshName,
      open: connect,
      connect: async (clientId) => (await connect(clientId)).channel(name),
      read: async (channel, options) => {
        const reader = await openReader(channel, { ...options, patience });
        readers.push(reader);
        return reader;
      },
      fault,
      cut: async (channels) => (await fault('cut')(channels)) ?? (() => Promise.resolve()),
    };
    return { context, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Every law gets a name that no other run has used: a backend may remember. */
function freshName(): string {
  return `law-${[...crypto.getRandomValues(new Uint32Array(3))].map((part) => part.toString(36)).join('')}`;
}
