import type { ConnectionState, Member, PresenceEvent } from '@holdfast/channel';
import { createMemoryEngine } from '@holdfast/channel/memory';
import { describe, expect, it, vi } from 'vitest';
import { verifyTokens } from '../../src/token.ts';
import { atEnd, openClient, openGateway, SECRET, tokenFor } from './open-gateway.ts';
import { openAdmitted } from './raw-client.ts';
import { openTcpProxy } from '@holdfast/testing/tcp-proxy';
import { createTestClock } from './test-clock.ts';

const note = (id: string) => ({ action: 'create', draft: { id, name: 'note', data: '' } }) as const;

function statesOf(connection: { subscribe(listener: (state: ConnectionState) => void): unknown }): string[] {
  const states: string[] = [];
  connection.subscribe(({ status }) => states.push(status));
  return states;
}

async function openNetwork(target: number | undefined) {
  const network = await openTcpProxy(target ?? 0);
  atEnd(() => network.close());
  return { network, url: `ws://127.0.0.1:${network.port}/holdfast` };
}

describe('a token on a live connection', () => {
  it('is renewed before it expires, without a new connection', async () => {
    const { url } = await openGateway();
    const token = vi.fn(() => tokenFor('ada', { ttl: 1 }));
    const channels = openClient(url, 'ada', { token });
    await channels.channel('c').history();
    const states = statesOf(channels.connection);
    await vi.waitFor(() => expect(token.mock.calls.length).toBeGreaterThan(3), { timeout: 10_000 });
    await channels.channel('c').publish(note('a'));
    expect(states).toEqual([]);
  });

  it('ends the connection when it expires, and the client comes back with a fresh one', async () => {
    const clock = createTestClock(Date.now());
    const { url } = await openGateway({ clock, heartbeatMs: 1e6 });
    const client = await openAdmitted(url, await tokenFor('ada', { ttl: 60 }));
    const lives = [60, 600];
    const channels = openClient(url, 'bob', { token: () => tokenFor('bob', { ttl: lives.shift() ?? 600 }) });
    await channels.channel('c').history();
    const states = statesOf(channels.connection);
    clock.pass(61_000);
    expect(await client.next('bye')).toMatchObject([
      'bye',
      'renew',
      { code: 'unauthenticated', path: 'token.exp' },
    ]);
    await client.closed;
    await channels.channel('c').history();
    expect(states).toEqual(['disconnected', 'connected']);
  });

  it('closes the channels when a fixed one expires', async () => {
    const clock = createTestClock(Date.now());
    const { url } = await openGateway({ clock, heartbeatMs: 1e6 });
    const channels = openClient(url, 'ada', { token: await tokenFor('ada', { ttl: 60 }) });
    const subscription = await channels.channel('c').subscribe(() => {});
    clock.pass(61_000);
    expect(await subscription.closed).toMatchObject({ code: 'unauthenticated' });
    expect(channels.connection.state).toMatchObject({
      status: 'closed',
      reason: { code: 'unauthenticated' },
    });
    await expect(channels.channel('c').history()).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it.each([
    ['another client', { clientId: 'bob' }],
    ['other claims', { claims: { role: 'agent' } }],
  ])('cannot become one for %s', async (_, change) => {
    const { url } = await openGateway();
    const client = await openAdmitted(url, await tokenFor('ada', { claims: { role: 'participant' } }));
    client.send(['token', 5, await tokenFor('ada', { claims: { role: 'participant' }, ...change })]);
    expect(await client.next('bye')).toMatchObject(['bye', 'stop', { code: 'forbidden' }]);
    await client.closed;
  });

  it('that is not good leaves the old one in force', async () => {
    const { url } = await openGateway();
    const client = await openAdmitted(url, await tokenFor('ada'));
    client.send(['token', 5, 'garbage']);
    expect(await client.next('refused', 5)).toMatchObject(['refused', 5, { code: 'unauthenticated' }]);
    client.send(['publish', 6, 0, [note('a')]]);
    await client.next('receipts', 6);
  });

  it('that allows less ends what it does not allow', async () => {
    const { url } = await openGateway();
    const client = await openAdmitted(url, await tokenFor('ada'));
    client.send(['subscribe', 3, 0, {}]);
    await client.next('started', 3);
    client.send(['token', 5, await tokenFor('ada', { capabilities: { c: ['history'] } })]);
    expect(await client.next('ended', 3)).toMatchObject(['ended', 3, { code: 'forbidden' }]);
    await client.next('renewed', 5);
    client.send(['publish', 6, 0, [note('a')]]);
    expect(await client.next('refused', 6)).toMatchObject(['refused', 6, { code: 'forbidden' }]);
  });

  it('for another client than before closes the channels', async () => {
    const { url, port } = await openGateway();
    const { network, url: through } = await openNetwork(port);
    expect(through).not.toBe(url);
    let name = 'ada';
    const channels = openClient(through, undefined, { token: () => tokenFor(name) });
    await channels.channel('c').history();
    name = 'bob';
    network.cut();
    network.restore();
    await channels
      .channel('c')
      .history()
      .catch(() => {});
    expect(channels.connection.state).toMatchObject({ status: 'closed', reason: { code: 'forbidden' } });
  });
});

describe('a connection that is back', () => {
  it('I1 sends what has waited before what its listeners ask for', async () => {
    const { port } = await openGateway();
    const { network, url } = await openNetwork(port);
    const channels = openClient(url, 'ada');
    const channel = channels.channel('c');
    await channel.publish(note('a'));
    const asked: Promise<unknown>[] = [];
    channels.connection.subscribe(({ status }) => {
      if (status === 'disconnected') asked.push(channel.publish(note('b')));
      if (status === 'connected') asked.push(channel.publish(note('c')), channel.history());
    });
    network.cut();
    network.restore();
    await vi.waitFor(() => expect(asked).toHaveLength(3));
    await Promise.all(asked);
    const { messages } = await channel.history();
    expect(messages.map(({ id }) => id)).toEqual(['c', 'b', 'a']);
  });
});

describe('a dead peer', () => {
  it('is noticed by the client, which comes back', async () => {
    const { port } = await openGateway({ heartbeatMs: 30 });
    const { network, url } = await openNetwork(port);
    const channels = openClient(url, 'ada');
    await channels.channel('c').history();
    const states = statesOf(channels.connection);
    network.freeze();
    await vi.waitFor(() => expect(states).toEqual(['disconnected', 'connected']));
    await channels.channel('c').publish(note('a'));
  });

  it('is noticed by the gateway, which lets its presence run out', async () => {
    const clock = createTestClock();
    const engine = createMemoryEngine({ presenceLeaseMs: 60 });
    const authenticate = verifyTokens({ secret: SECRET });
    const gateway = await openGateway({ clock, engine, authenticate, heartbeatMs: 1000 });
    const client = await openAdmitted(gateway.url, await tokenFor('ada'));
    client.send(['enter', 1, 0, 'here']);
    await client.next('done', 1);
    for (const beat of [1, 2]) {
      clock.pass(1000);
      await vi.waitFor(() => expect(client.frames.filter(([verb]) => verb === 'ping')).toHaveLength(beat));
    }
    clock.pass(1000);
    await client.closed;
    await vi.waitFor(() => expect(gateway.connections).toBe(0));
    await vi.waitFor(async () => expect(await engine.members('c')).toEqual([]));
  });

  it('that answers pings is none', async () => {
    const clock = createTestClock();
    const gateway = await openGateway({ clock, heartbeatMs: 1000 });
    const client = await openAdmitted(gateway.url, await tokenFor('ada'));
    for (let beat = 0; beat < 5; beat += 1) {
      clock.pass(1000);
      await client.next('ping');
      client.send(['pong']);
      client.send(['history', beat, 0, {}]);
      await client.next('page', beat);
    }
    expect(gateway.connections).toBe(1);
  });
});

describe('presence', () => {
  it('I8 a cut is no leave, and who comes back is the same member; a goodbye is a leave', async () => {
    const { url, port } = await openGateway({ engine: createMemoryEngine({ presenceLeaseMs: 5000 }) });
    const { network, url: through } = await openNetwork(port);
    const events: PresenceEvent[] = [];
    await openClient(url, 'watcher')
      .channel('c')
      .presence.subscribe((event) => events.push(event));
    const channels = openClient(through, 'ada');
    const { presence } = channels.channel('c');
    await presence.enter('here');
    const [before] = await presence.members();
    network.cut();
    network.restore();
    await vi.waitFor(() => expect(events.map(({ kind }) => kind)).toEqual(['sync', 'enter', 'update']));
    expect(await presence.members()).toEqual([before]);
    await channels.close();
    await vi.waitFor(() => expect(events.at(-1)).toMatchObject({ kind: 'leave', reason: 'left' }));
  });

  it('I8 a page that is closed is a leave', async () => {
    const engine = createMemoryEngine({ presenceLeaseMs: 60_000 });
    const { url } = await openGateway({ engine });
    const token = await tokenFor('ada');
    for (const [code, members] of [
      [4000, 1],
      [1001, 0],
    ] as const) {
      const client = await openAdmitted(url, token);
      client.send(['enter', 1, 0, 'here']);
      await client.next('done', 1);
      client.close(code);
      await client.closed;
      await vi.waitFor(async () => expect(await engine.members('c')).toHaveLength(members));
    }
  });

  it('I8 what was left while away stays left', async () => {
    const { url, port } = await openGateway();
    const { network, url: through } = await openNetwork(port);
    const { presence } = openClient(through, 'ada').channel('c');
    await presence.enter('here');
    network.cut();
    const leaving = presence.leave();
    network.restore();
    await leaving;
    expect(await openClient(url, 'bob').channel('c').presence.members()).toEqual([]);
  });

  it('of two connections of one client is two members', async () => {
    const { url } = await openGateway();
    const [one, two] = [openClient(url, 'ada').channel('c'), openClient(url, 'ada').channel('c')];
    await one.presence.enter(1);
    await two.presence.enter(2);
    const members: readonly Member[] = await one.presence.members();
    expect(new Set(members.map(({ memberId }) => memberId)).size).toBe(2);
  });
});

describe('closing a gateway', () => {
  it('sends clients to the next one, which loses nothing', async () => {
    const engine = createMemoryEngine();
    const first = await openGateway({ engine });
    const { url } = first;
    const writer = openClient(url, 'writer').channel('c');
    const readers = openClient(url, 'reader');
    const heard: string[] = [];
    await readers.channel('c').subscribe((delivery) => {
      if (delivery.kind === 'message') heard.push(delivery.message.id);
    });
    const publishing: Promise<unknown>[] = [];
    const publish = (from: number): void => {
      for (let index = from; index < from + 50; index += 1)
        publishing.push(writer.publish(note(`m-${index}`)));
    };
    publish(0);
    const closing = first.close({ drainMs: 50 });
    publish(50);
    await closing;
    publish(100);
    await openGateway({ engine, port: first.port ?? 0 });
    await Promise.all(publishing);
    const all = Array.from({ length: 150 }, (_, index) => `m-${index}`);
    await vi.waitFor(() => expect(heard).toEqual(all));
  });

  it('refuses new clients, and says so to who asks for its health', async () => {
    const clock = createTestClock();
    const gateway = await openGateway({ clock, heartbeatMs: 1e6 });
    const health = `http://127.0.0.1:${gateway.port}/holdfast/health`;
    expect((await fetch(health)).status).toBe(200);
    const channels = openClient(gateway.url, 'ada');
    await channels.channel('c').history();
    const closing = gateway.close({ drainMs: 1000 });
    clock.pass(500);
    await closing;
    await expect(fetch(health)).rejects.toThrow();
    await vi.waitFor(() => expect(channels.connection.state).toMatchObject({ status: 'disconnected' }));
  });
});
