import { serve } from '@holdfast/server';
import { issueToken, verifyTokens } from '@holdfast/server/token';
import { createServer } from 'node:http';
import { openEngine } from './engine.ts';

// The gateway of the example: sessions behind one WebSocket endpoint. It also plays the part of your application's back
// end, which knows its users and signs tokens for them.

const secret = process.env['SECRET'] ?? 'a secret for this demo only, at least 32 characters';
const port = Number(process.env['PORT'] ?? 4410);

const http = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  if (pathname !== '/token') return response.writeHead(404).end();
  const session = searchParams.get('session') ?? 'demo';
  const clientId = searchParams.get('user') ?? 'guest';
  issueToken({
    secret,
    clientId,
    claims: { role: 'participant' },
    capabilities: { [session]: ['publish', 'subscribe', 'history', 'presence'] },
    ttl: 600,
  }).then(
    (token) => response.writeHead(200, { 'content-type': 'text/plain' }).end(token),
    () => response.writeHead(500).end(),
  );
});

const { engine, close } = await openEngine(process.env, '.holdfast/chat.db');
const gateway = await serve({
  engine,
  authenticate: verifyTokens({ secret }),
  // Whoever asks wakes these agents: their workers listen.
  agents: (process.env['AGENTS'] ?? 'assistant').split(','),
  server: http,
  path: '/holdfast',
});
http.listen(port, '127.0.0.1', () => console.log(`gateway: http://127.0.0.1:${port}`));

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    gateway
      .close({ drainMs: Number(process.env['DRAIN_MS'] ?? 500) })
      .then(close)
      .then(
        () => process.exit(0),
        () => process.exit(1),
      );
  });
