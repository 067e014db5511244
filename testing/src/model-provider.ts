import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** An event of a provider's stream, as tests write it. */
export interface ProviderEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** What the provider does about one request. */
export type Reply =
  | readonly ProviderEvent[]
  /** Says that much, and no more until the client goes. */
  | { readonly hangsAfter: readonly ProviderEvent[] }
  /** Says that much, and the connection is gone. */
  | { readonly breaksAfter: readonly ProviderEvent[] }
  | { readonly status: number };

export interface Provider {
  readonly baseURL: string;
  /** The bodies of the requests, as they came. */
  readonly requests: readonly Record<string, unknown>[];
  /** How many clients went before they had everything. */
  readonly gone: number;
}

/** What the provider does about a request, where that depends on what was asked. */
export type Answer = (request: Readonly<Record<string, unknown>>, count: number) => Reply;

/**
 * A server that speaks as a model's provider does: one reply after the other, the last one again where there are no more. It is
 * closed when the test ends.
 */
export async function openProvider(...replies: readonly (Reply | Answer)[]): Promise<Provider> {
  const requests: Record<string, unknown>[] = [];
  let gone = 0;
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (piece: string) => (body += piece));
    request.on('end', () => {
      const asked = JSON.parse(body) as Record<string, unknown>;
      const reply = replies[Math.min(requests.length, replies.length - 1)] ?? [];
      const said = typeof reply === 'function' ? reply(asked, requests.length) : reply;
      requests.push(asked);
      response.on('close', () => (gone += response.writableFinished ? 0 : 1));
      answer(response, said);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return {
    baseURL: `http://127.0.0.1:${port}`,
    requests,
    get gone() {
      return gone;
    },
  };
}

function answer(response: ServerResponse, reply: Reply): void {
  if ('status' in reply) {
    response.writeHead(reply.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: { message: 'the provider’s own words', type: 'server_error' } }));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const say = (events: readonly ProviderEvent[]): string =>
    events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');
  if ('hangsAfter' in reply) response.write(say(reply.hangsAfter));
  else if ('breaksAfter' in reply) response.write(say(reply.breaksAfter), () => response.destroy());
  else response.end(say(reply));
}
