import { toUIMessages } from '@holdfast/ai-sdk';
import { openSession, type RunId, type Session } from '@holdfast/core';
import { createWebSocketChannels } from '@holdfast/websocket';
import type { UIMessage } from 'ai';
import WebSocket from 'ws';

/** One device: a session over sockets that can be cut, watched for text that is not what the model says. */
export interface Client {
  readonly name: string;
  readonly session: Session;
  readonly cuts: number;
  /** Kills the socket without a goodbye. */
  cut(): void;
  /** What this device shows for a run's answer. */
  text(run: RunId): string;
  close(): Promise<void>;
}

export async function openClient(name: string, gateway: string, sessionName: string): Promise<Client> {
  const open = new Set<WebSocket>();
  let cuts = 0;
  class CuttableWebSocket extends WebSocket {
    constructor(...parameters: ConstructorParameters<typeof WebSocket>) {
      super(...parameters);
      open.add(this);
      this.on('close', () => open.delete(this));
    }
  }
  const channels = createWebSocketChannels({
    url: `${gateway.replace('http', 'ws')}/holdfast`,
    token: async () => {
      const response = await fetch(`${gateway}/token?session=${sessionName}&user=ada`);
      return response.text();
    },
    WebSocket: CuttableWebSocket,
    // Cut so often, the waits would grow until the answer is over.
    backoff: { maxMs: 500 },
  });
  const session = openSession({ channels, name: sessionName });
  await session.ready;
  return {
    name,
    session,
    get cuts() {
      return cuts;
    },
    cut() {
      for (const socket of open) {
        if (socket.readyState === WebSocket.OPEN) cuts += 1;
        socket.terminate();
      }
    },
    text(run) {
      const answer = session.run(run)?.output;
      const message = toUIMessages(session).find(({ id }) => id === answer);
      return message === undefined ? '' : textOf(message);
    },
    async close() {
      await session.close();
      await channels.close();
    },
  };
}

function textOf({ parts }: UIMessage): string {
  return parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('');
}
