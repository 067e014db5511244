import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import WebSocket, { WebSocketServer } from 'ws';
import { createWebSocketChannels } from '@holdfast/websocket';

const features = { maxMessageBytes: 1000, checksOffsets: true, seal: true, presenceLeaseMs: 1000 };
const welcome = ['welcome', { connectionId: 'c', features, heartbeatMs: 10_000, maxFrameBytes: 1000 }];
const servers: WebSocketServer[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    for (const socket of server.clients) socket.terminate();
    server.close();
  }
});

/** A gateway that welcomes everybody and then says `text`. */
async function openNonsense(text: string): Promise<string> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  servers.push(server);
  server.on('connection', (socket) => {
    socket.once('message', () => {
      socket.send(JSON.stringify(welcome));
      socket.send(text);
    });
  });
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `ws://127.0.0.1:${address.port}/`;
}

describe('a gateway that talks nonsense', () => {
  it.each(['', '{', '{}', '[]', '[7]', '["m"]', '["m",1,2,null,"=p"]', '["bye","stop"]', '["welcome"]'])(
    'I9 ends the channels with an error, never the process: %s',
    async (text) => {
      const channels = createWebSocketChannels({ url: await openNonsense(text), WebSocket });
      const closed = new Promise<unknown>((resolve) =>
        channels.connection.subscribe((state) => {
          if (state.status === 'closed') resolve(state.reason);
        }),
      );
      const asked = channels.channel('c').history();
      await expect(asked).rejects.toMatchObject({ name: 'ChannelError' });
      expect(await closed).toMatchObject({ code: 'internal' });
    },
  );

  it('I3 connects again where frames don’t fit each other', async () => {
    const channels = createWebSocketChannels({
      url: await openNonsense('["a",5,0,"text","x"]'),
      WebSocket,
      backoff: { firstMs: 1, maxMs: 1 },
    });
    const states: string[] = [];
    const twice = new Promise<void>((resolve) =>
      channels.connection.subscribe(({ status }) => {
        states.push(status);
        if (states.length === 4) resolve();
      }),
    );
    channels
      .channel('c')
      .history()
      .catch(() => {});
    await twice;
    expect(states).toEqual(['connected', 'disconnected', 'connected', 'disconnected']);
    await channels.close();
  });

  it('passes over verbs that it does not know', async () => {
    const channels = createWebSocketChannels({ url: await openNonsense('["news",1]'), WebSocket });
    const asked = channels.channel('c').history();
    const settled = asked.then(
      () => 'answered',
      (error: { code: string }) => error.code,
    );
    await expect.poll(() => channels.connection.state.status).toBe('connected');
    await channels.close();
    expect(await settled).toBe('closed');
  });
});
