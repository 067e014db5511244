import type { Duplex } from 'node:stream';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createMemoryEngine } from '@holdfast/channel/memory';
import { createWebSocketChannels } from '@holdfast/websocket';
import { describe, expect, it, vi } from 'vitest';
import WebSocket from 'ws';
import { serve } from '../../src/index.ts';
import { verifyTokens } from '../../src/token.ts';
import { atEnd, openClient, openGateway, SECRET, tokenFor } from './open-gateway.ts';

const note = (id: string) => ({ action: 'create', draft: { id, name: 'note', data: '' } }) as const;

async function portOf(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEnd(async () => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

describe('under an HTTP server of yours', () => {
  const options = { engine: createMemoryEngine(), authenticate: verifyTokens({ secret: SECRET }) };

  it('serves its own path and leaves the rest to you', async () => {
    const seen: string[] = [];
    const server = createServer((request, response) => {
      seen.push(request.url ?? '');
      response.writeHead(200).end('yours');
    });
    const gateway = await serve({ ...options, server, path: '/live' });
    const port = await portOf(server);
    expect(gateway.port).toBeUndefined();
    const get = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).text();
    expect(await get('/')).toBe('yours');
    expect(await get('/livestock')).toBe('yours');
    expect(await get('/live/health')).toBe('ok');
    await openClient(`ws://127.0.0.1:${port}/live`, 'ada').channel('c').publish(note('a'));
    expect(seen).toEqual(['/', '/livestock']);
    await gateway.close({ drainMs: 0 });
    expect(await get('/live/health')).toBe('yours');
  });

  it('leaves upgrades of other paths to others, and ends those that nobody takes', async () => {
    const server = createServer();
    const gateway = await serve({ ...options, server });
    atEnd(() => gateway.close({ drainMs: 0 }));
    const port = await portOf(server);
    const stray = new WebSocket(`ws://127.0.0.1:${port}/elsewhere`);
    await expect(once(stray, 'open')).rejects.toThrow();
    server.on('upgrade', (_, socket) => turnAway(socket, '418 Teapot'));
    const other = new WebSocket(`ws://127.0.0.1:${port}/elsewhere`);
    await expect(once(other, 'open')).rejects.toThrow('418');
  });
});

describe('over HTTP', () => {
  it('reports its health and what it counts', async () => {
    const { port, url } = await openGateway();
    const channel = openClient(url, 'ada').channel('c');
    await channel.subscribe(() => {});
    await channel.publish(note('a'));
    await expect(channel.publish({ action: 'delete', serial: 'nothing' as never })).rejects.toThrow();
    const response = await fetch(`http://127.0.0.1:${port}/holdfast/metrics`);
    expect(response.headers.get('content-type')).toContain('text/plain');
    const text = await response.text();
    expect(text).toMatch(/^holdfast_connections 1$/m);
    expect(text).toMatch(/^holdfast_subscriptions 1$/m);
    expect(text).toMatch(/^holdfast_requests_total\{verb="publish",result="ok"\} 1$/m);
    expect(text).toMatch(/^holdfast_requests_total\{verb="publish",result="not_found"\} 1$/m);
  });

  it('knows nothing else', async () => {
    const { port } = await openGateway();
    const base = `http://127.0.0.1:${port}/holdfast`;
    expect((await fetch(base)).status).toBe(404);
    expect((await fetch(`${base}/up`, { method: 'POST', body: 'a name nobody has\n["pong"]' })).status).toBe(
      404,
    );
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404);
  });

  it('I9 refuses a batch over the size limit', async () => {
    const { port } = await openGateway({ limits: { frameBytes: 1000 } });
    const body = 'x'.repeat(2000);
    const response = await fetch(`http://127.0.0.1:${port}/holdfast/up`, { method: 'POST', body });
    expect(response.status).toBe(413);
  });

  it('lets in the web origins that are listed, and whatever is no web page', async () => {
    const { port, url } = await openGateway({ origins: ['https://good.example'] });
    const statusFor = async (origin: string | undefined): Promise<number> => {
      const headers: Record<string, string> = origin === undefined ? {} : { origin };
      return (await fetch(`http://127.0.0.1:${port}/holdfast/health`, { headers })).status;
    };
    expect(await statusFor('https://good.example')).toBe(200);
    expect(await statusFor(undefined)).toBe(200);
    expect(await statusFor('https://evil.example')).toBe(403);
    await expect(once(new WebSocket(url, { origin: 'https://evil.example' }), 'open')).rejects.toThrow('403');
    const good = new WebSocket(url, { origin: 'https://good.example' });
    atEnd(async () => good.terminate());
    await once(good, 'open');
  });
});

describe('where WebSockets are blocked', () => {
  /** A gateway whose every WebSocket is turned away before it gets there. */
  async function openBlocked() {
    const server = createServer();
    const gateway = await serve({
      engine: createMemoryEngine(),
      authenticate: verifyTokens({ secret: SECRET }),
      server,
    });
    atEnd(() => gateway.close({ drainMs: 0 }));
    let attempts = 0;
    server.removeAllListeners('upgrade').on('upgrade', (_, socket) => {
      attempts += 1;
      turnAway(socket, '502 Bad Gateway');
    });
    const port = await portOf(server);
    return { url: `ws://127.0.0.1:${port}/holdfast`, attempts: () => attempts, server };
  }

  it('a client goes over to HTTP after two attempts, and stays', async () => {
    const { url, attempts, server } = await openBlocked();
    const channels = openClient(url, 'ada');
    const heard: string[] = [];
    await channels.channel('c').subscribe(({ kind }) => heard.push(kind));
    await channels.channel('c').publish(note('a'));
    await vi.waitFor(() => expect(heard).toEqual(['message']));
    expect(attempts()).toBe(2);
    server.closeAllConnections();
    await channels.channel('c').publish(note('b'));
    await vi.waitFor(() => expect(heard).toEqual(['message', 'message']));
    expect(attempts()).toBe(2);
  });

  it('one that insists on WebSockets is out of reach, and says so in time', async () => {
    const { url } = await openBlocked();
    const channels = openClient(url, 'ada', { transport: 'websocket', offlineMs: 50 });
    await expect(channels.channel('c').publish(note('a'))).rejects.toMatchObject({ code: 'unavailable' });
    expect(channels.connection.state.status).not.toBe('closed');
  });

  it('one that comes back to a gateway that was down goes on with WebSockets', async () => {
    const engine = createMemoryEngine();
    const first = await openGateway({ engine });
    const channels = openClient(first.url, 'ada');
    await channels.channel('c').publish(note('a'));
    await first.close({ drainMs: 0 });
    const states: string[] = [];
    channels.connection.subscribe(({ status }) => states.push(status));
    const attempts = vi.fn();
    const server = createServer().on('request', (_, response) => {
      attempts();
      response.writeHead(503).end();
    });
    server.on('upgrade', (_, socket) => socket.destroy());
    server.listen(first.port, '127.0.0.1');
    await once(server, 'listening');
    // It has tried both, more than once.
    await vi.waitFor(() => expect(attempts.mock.calls.length).toBeGreaterThan(2));
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
    const second = await openGateway({ engine, port: first.port ?? 0 });
    await channels.channel('c').publish(note('b'));
    expect(states).toEqual(['connected']);
    expect(second.connections).toBe(1);
  });
});

describe('options that cannot be right', () => {
  it.each<[string, object]>([
    ['a path without a slash', { path: 'holdfast' }],
    ['a path with a slash at its end', { path: '/holdfast/' }],
    ['a limit of nothing', { limits: { channels: 0 } }],
  ])('are refused: %s', async (_, options) => {
    await expect(openGateway(options)).rejects.toThrow(TypeError);
  });

  it.each<[string, object]>([
    ['no address', { url: 'holdfast' }],
    ['an address of something else', { url: 'ftp://example.com/holdfast' }],
    ['a window that is too long', { rollupMs: 501 }],
    ['no WebSocket', { WebSocket: undefined, transport: 'websocket' }],
  ])('are refused by the client: %s', (_, options) => {
    const good = { url: 'ws://example.com/holdfast', WebSocket };
    expect(() => createWebSocketChannels({ ...good, ...options })).toThrow(TypeError);
  });

  it('the client connects at the first call, not before', async () => {
    const gateway = await openGateway();
    const token = vi.fn(() => tokenFor('ada'));
    const channels = openClient(gateway.url, 'ada', { token });
    channels.channel('c');
    expect(token).not.toHaveBeenCalled();
    expect(channels.connection.state.status).toBe('connecting');
    await channels.channel('c').history();
    expect(channels.connection.state.status).toBe('connected');
  });
});

/** The client may have hung up by then, which is no failure of the test. */
function turnAway(socket: Duplex, status: string): void {
  socket.on('error', () => {}).end(`HTTP/1.1 ${status}\r\n\r\n`);
}
