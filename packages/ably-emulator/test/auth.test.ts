import { Rest, type ConnectionStateChange, type ErrorInfo, type Realtime, type TokenRequest } from 'ably';
import { SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serveAbly, type AblyEmulator } from '../src/index.ts';
import { connect } from './client.ts';

let emulator: AblyEmulator;
const clients: Realtime[] = [];

beforeEach(async () => {
  emulator = await serveAbly();
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await emulator.close();
});

const open = (options: Parameters<typeof connect>[1]): Realtime => {
  const client = connect(emulator, options);
  clients.push(client);
  return client;
};
const address = () => {
  const { key: _, ...rest } = emulator.clientOptions;
  return { ...rest, useBinaryProtocol: false, logLevel: 0, disconnectedRetryTimeout: 20 } as const;
};

async function jwt(claims: Record<string, unknown>, expires: string | number = '1h'): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid: 'local.key' })
    .setIssuedAt()
    .setExpirationTime(expires)
    .sign(new TextEncoder().encode('secret'));
}

/** Answers an authCallback. */
async function answer(
  done: (error: ErrorInfo | string | null, token: TokenRequest | string | null) => void,
  token: Promise<TokenRequest | string>,
): Promise<void> {
  done(null, await token);
}

/** The next change of the connection to one of these states. */
function next(client: Realtime, ...states: readonly string[]): Promise<ConnectionStateChange> {
  return new Promise((resolve) => {
    const hear = (change: ConnectionStateChange): void => {
      if (!states.includes(change.current)) return;
      client.connection.off(hear);
      resolve(change);
    };
    client.connection.on(hear);
  });
}

it('lets nobody in with a wrong key, and says why', async () => {
  const client = open({ key: 'local.key:wrong' });
  expect((await next(client, 'failed')).reason).toMatchObject({ code: 40101, statusCode: 401 });
});

it('lets in by token request, with what the request asks for', async () => {
  const back = new Rest({ ...emulator.clientOptions, useBinaryProtocol: false });
  const client = open({
    ...address(),
    authCallback: (_, done) => {
      const params = { clientId: 'ada', capability: { room: ['subscribe' as const] } };
      void answer(done, back.auth.createTokenRequest(params));
    },
  });
  await client.connection.whenState('connected');
  expect(client.auth.clientId).toBe('ada');
  const channel = client.channels.get('room');
  await channel.attach();
  expect(channel.modes).toEqual(['subscribe', 'presence_subscribe']);
  await expect(channel.publish('note', 'a')).rejects.toMatchObject({ code: 40160 });
  await expect(client.channels.get('elsewhere').attach()).rejects.toMatchObject({ code: 40160 });
});

it('refuses a token request that is signed with another secret', async () => {
  const forger = new Rest({
    ...emulator.clientOptions,
    key: 'local.key:wrong',
    useBinaryProtocol: false,
    logLevel: 0,
  });
  await expect(forger.auth.requestToken()).rejects.toMatchObject({ code: 40101 });
});

it('stamps the client id and the user claim of a JWT on messages, presence and annotations', async () => {
  const token = await jwt({
    'x-ably-clientId': 'ada',
    'ably.channel.*': 'everywhere',
    'ably.channel.ro*': 'agent',
  });
  const channel = open({ ...address(), token }).channels.get('room', {
    modes: [
      'PUBLISH',
      'SUBSCRIBE',
      'PRESENCE',
      'PRESENCE_SUBSCRIBE',
      'ANNOTATION_PUBLISH',
      'ANNOTATION_SUBSCRIBE',
    ],
  });
  const heard: unknown[] = [];
  await channel.annotations.subscribe(({ clientId, extras }) => void heard.push({ clientId, extras }));
  const { serials } = await channel.publish({ name: 'note', data: 'a', extras: { userClaim: 'staff' } });
  await channel.annotations.publish(serials[0] ?? '', { type: 'seen:flag.v1' });
  await channel.presence.enter();
  const stamped = { clientId: 'ada', extras: { userClaim: 'agent' } };
  expect((await channel.history()).items).toMatchObject([stamped]);
  expect(await channel.presence.get()).toMatchObject([stamped]);
  expect(heard).toEqual([stamped]);
  await expect(channel.publish({ name: 'note', clientId: 'eve' })).rejects.toMatchObject({ code: 40012 });
});

it('lets nobody claim what no token says', async () => {
  const channel = open({ clientId: 'eve' }).channels.get('room');
  const extras = { userClaim: 'staff', mine: 1 };
  const { serials } = await channel.publish({ name: 'note', data: 'a', extras });
  const serial = serials[0] ?? '';
  expect((await channel.getMessage(serial)).extras).toEqual({ mine: 1 });
  await channel.updateMessage({ serial, data: 'b', extras });
  expect((await channel.getMessage(serial)).extras).toEqual({ mine: 1 });
});

it('takes a new token on a live connection, and narrows or ends what its attachments may do', async () => {
  let operations = ['publish', 'subscribe'];
  const client = open({
    ...address(),
    authCallback: (_, done) => {
      const capability = JSON.stringify({ room: operations });
      void answer(done, jwt({ 'x-ably-capability': capability }));
    },
  });
  const channel = client.channels.get('room');
  await channel.attach();
  const { id } = client.connection;
  const states: string[] = [];
  client.connection.on(({ current }) => void states.push(current));

  operations = ['subscribe'];
  const narrowed = new Promise((resolve) => channel.once('update', resolve));
  await client.auth.authorize();
  await narrowed;
  expect(channel.modes).toEqual(['subscribe', 'presence_subscribe']);

  operations = ['history'];
  const failed = channel.whenState('failed');
  await client.auth.authorize();
  await failed;
  expect(channel.errorReason).toMatchObject({ code: 40160 });
  expect(client.connection.id).toBe(id);
  expect(states.filter((state) => state !== 'connected')).toEqual([]);
});

describe('a token that expires', () => {
  it('is asked for anew, and the connection goes on', async () => {
    let asked = 0;
    const client = open({
      ...address(),
      authCallback: (_, done) => {
        asked += 1;
        const expires = asked === 1 ? Math.floor(Date.now() / 1000) + 2 : '1h';
        void answer(done, jwt({ 'x-ably-clientId': 'ada' }, expires));
      },
    });
    await client.connection.whenState('connected');
    const { id } = client.connection;
    expect((await next(client, 'disconnected')).reason).toMatchObject({ code: 40142 });
    await client.connection.whenState('connected');
    expect([asked, client.connection.id]).toEqual([2, id]);
  });
});
