import { createAblyChannels } from '@holdfast/ably';
import { serveAbly } from '@holdfast/ably-emulator';
import type { Channels } from '@holdfast/channel';
import { createMemoryEngine } from '@holdfast/channel/memory';
import type { Capabilities, CapabilityOperation } from '@holdfast/server';
import { openTcpProxy, overhear, type TcpProxy } from '@holdfast/testing/tcp-proxy';
import { Realtime } from 'ably';
import { SignJWT } from 'jose';
import { claimsOf, type Backend, type Who } from './backend.ts';
import { withExpiry } from './expiring-engine.ts';

const KEY = { name: 'local.key', secret: 'secret' };

/** The genuine `ably` client, each with a token of its own, over the emulator. */
export async function openAbly(): Promise<Backend> {
  const { engine, expire } = withExpiry(createMemoryEngine());
  const emulator = await serveAbly({ engine });
  const { key: _, ...address } = emulator.clientOptions;
  const clients = new Map<Channels, Realtime>();
  const lines: TcpProxy[] = [];
  return {
    isGuarded: true,
    async connect(who) {
      const { onBytes } = who;
      const line = onBytes && (await openTcpProxy(address.port, { filter: () => overhear(onBytes) }));
      if (line !== undefined) lines.push(line);
      const client = new Realtime({
        ...address,
        ...(line !== undefined && { port: line.port }),
        authCallback: (_, done) => void answer(done, signToken(who)),
        disconnectedRetryTimeout: 20,
        logLevel: 0,
      });
      await client.connection.whenState('connected');
      const channels = createAblyChannels({ client, messagesPerSecond: Infinity });
      clients.set(channels, client);
      return channels;
    },
    cut(channels) {
      const id = clients.get(channels)?.connection.id;
      if (id === undefined) throw new Error('These channels are not of this backend, or not connected.');
      const restore = emulator.faults.refuseConnections(id);
      emulator.faults.cut(id);
      return restore;
    },
    expire: (channel, keep) => expire(`local/holdfast:${channel}`, keep),
    async close() {
      for (const client of clients.values()) client.close();
      await Promise.all(lines.map((line) => line.close()));
      await emulator.close();
      await engine.close();
    },
  };
}

/** A JWT as an application's back end signs it. */
async function signToken(who: Who): Promise<string> {
  const { clientId, role, capabilities = { '*': ['*'] } } = who;
  const claims = claimsOf(who);
  return new SignJWT({
    'x-ably-capability': JSON.stringify(inAblysTerms(capabilities, role === 'agent')),
    'x-ably-clientId': clientId,
    ...(claims !== undefined && { 'ably.channel.holdfast:*': JSON.stringify(claims) }),
  })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid: KEY.name })
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(KEY.secret));
}

const ABLYS: Readonly<Record<CapabilityOperation, readonly string[]>> = {
  publish: ['publish'],
  subscribe: ['subscribe', 'annotation-subscribe'],
  history: ['history'],
  presence: ['presence'],
  annotate: ['annotation-publish'],
};
/** An answer grows by appends, so agents alone change what they wrote. */
const OWN = ['message-update-own', 'message-delete-own'];

function inAblysTerms(
  capabilities: Capabilities,
  isAgent: boolean,
): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    Object.entries(capabilities).map(([pattern, operations]) => {
      const all = operations.flatMap((each) => (each === '*' ? Object.values(ABLYS).flat() : ABLYS[each]));
      const own = isAgent && all.includes('publish') ? OWN : [];
      return [`holdfast:${pattern}`, [...all, ...own]];
    }),
  );
}

async function answer(done: (error: null, token: string) => void, token: Promise<string>): Promise<void> {
  done(null, await token);
}
