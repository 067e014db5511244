import { serveAbly, type AblyEmulator, type AblyEmulatorOptions } from '@holdfast/ably-emulator';
import type { Channels, Claims, Position } from '@holdfast/channel';
import { createMemoryEngine } from '@holdfast/channel/engine';
import { Realtime, type ClientOptions } from 'ably';
import { SignJWT } from 'jose';
import type { ChannelBackend } from '@holdfast/conformance/channel';
import { createAblyChannels, type AblyChannelsOptions } from '../src/index.ts';

const KEY = { name: 'local.key', secret: 'secret' };
export const LEASE_MS = 400;

/** What a participant's token allows: its own messages, and nobody else's. */
const CAPABILITY = [
  'publish',
  'subscribe',
  'history',
  'presence',
  'annotation-publish',
  'annotation-subscribe',
  'message-update-own',
  'message-delete-own',
];

/** A JWT as an application's back end signs it. */
export async function signToken(clientId?: string, claims?: Claims, expiresIn = '1h'): Promise<string> {
  return new SignJWT({
    'x-ably-capability': JSON.stringify({ 'holdfast:*': CAPABILITY }),
    ...(clientId !== undefined && { 'x-ably-clientId': clientId }),
    ...(claims !== undefined && { 'ably.channel.holdfast:*': JSON.stringify(claims) }),
  })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid: KEY.name })
    .setIssuedAt()
    .setExpirationTime(expiresIn)
    .sign(new TextEncoder().encode(KEY.secret));
}

/** The genuine client, which signs in by token. */
export function createClient(
  emulator: AblyEmulator,
  options: ClientOptions,
  clientId?: string,
  claims?: Claims,
): Realtime {
  const { key: _, ...address } = emulator.clientOptions;
  return new Realtime({
    ...address,
    authCallback: (_, done) => void answer(done, signToken(clientId, claims)),
    disconnectedRetryTimeout: 20,
    logLevel: 0,
    ...options,
  });
}

/** The same, connected. */
export async function openClient(...how: Parameters<typeof createClient>): Promise<Realtime> {
  const client = createClient(...how);
  await client.connection.whenState('connected');
  return client;
}

async function answer(done: (error: null, token: string) => void, token: Promise<string>): Promise<void> {
  done(null, await token);
}

export interface AblyBackendOptions {
  readonly client?: ClientOptions;
  readonly channels?: Omit<AblyChannelsOptions, 'client'>;
  readonly emulator?: AblyEmulatorOptions;
}

/** An emulator with the adapter on the genuine client, and all that the suite may do to them. */
export async function openAblyBackend(options: AblyBackendOptions = {}): Promise<ChannelBackend> {
  const engine = createMemoryEngine({ presenceLeaseMs: LEASE_MS });
  const emulator = await serveAbly({ engine, ...options.emulator });
  const clients = new Map<Channels, Realtime>();
  const idOf = (channels: Channels): string => clients.get(channels)?.connection.id ?? '';

  return {
    async connect(clientId, claims) {
      const client = await openClient(emulator, options.client ?? {}, clientId, claims);
      const channels = createAblyChannels({
        client,
        messagesPerSecond: Infinity,
        presenceLeaseMs: LEASE_MS,
        ...options.channels,
      });
      clients.set(channels, client);
      return channels;
    },
    async cut(channels) {
      const id = idOf(channels);
      const restore = emulator.faults.refuseConnections(id);
      emulator.faults.cut(id);
      return async () => restore();
    },
    async kill(channels) {
      const id = idOf(channels);
      emulator.faults.refuseConnections(id);
      emulator.faults.cut(id);
    },
    pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    async tooOld(_, position) {
      await emulator.faults.forgetHistory();
      return position;
    },
    ahead: async (_, position) => `9${position.slice(1)}` as Position,
    otherEpoch: async (_, position) => position.replace(/@[\w-]+/, '@another') as Position,
    async close() {
      for (const client of clients.values()) client.close();
      await emulator.close();
      await engine.close();
    },
  };
}
