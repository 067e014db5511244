import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Serves a route over HTTP. */
export async function serveRoute(
  route: (request: Request) => Promise<Response>,
): Promise<{ readonly url: string; readonly close: () => void }> {
  const server = createServer((request, response) => {
    void (async () => {
      const pieces: Buffer[] = [];
      for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
      const body = Buffer.concat(pieces).toString();
      const { method = 'GET', url = '', headers } = request;
      const answer = await route(
        new Request(`http://archive${url}`, {
          method,
          headers: headers as Record<string, string>,
          ...(body !== '' && { body }),
        }),
      );
      response.writeHead(answer.status).end(await answer.text());
    })();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => void server.close() };
}
