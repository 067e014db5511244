import { createEngineChannels } from '@holdfast/channel/engine';
import { serve } from '@holdfast/server';
import { openSqliteEngine } from '@holdfast/server/sqlite';
import { verifyTokens } from '@holdfast/server/token';
import { createServer } from 'node:http';
import { openDesk } from './desk.ts';
import { isStaff, PEOPLE, sessionOf } from './people.ts';
import { tokenFor } from './tokens.ts';

// The gateway, and the part of your application's back end: it knows its users, signs tokens for them, and keeps the desk.

const secret = process.env['SECRET'] ?? 'a secret for this demo only, at least 32 characters';
const port = Number(process.env['PORT'] ?? 4441);

const engine = openSqliteEngine({ path: process.env['DB'] ?? '.holdfast/support.db' });
const own = createEngineChannels(engine, { clientId: 'desk', claims: { role: 'staff' } });
const desk = await openDesk(own);

const http = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const clientId = searchParams.get('as') ?? '';
  const signed = pathname === '/token' ? tokenFor(clientId, secret) : undefined;
  if (signed === undefined) return response.writeHead(404).end();
  if (!isStaff(PEOPLE[clientId])) desk.watch(sessionOf(clientId));
  signed.then(
    (token) => response.writeHead(200, { 'content-type': 'text/plain' }).end(token),
    () => response.writeHead(500).end(),
  );
});
const gateway = await serve({
  engine,
  authenticate: verifyTokens({ secret }),
  agents: ['assistant'],
  server: http,
});
http.listen(port, '127.0.0.1', () => console.log(`gateway: http://127.0.0.1:${port}`));

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    gateway
      .close({ drainMs: 200 })
      .then(() => desk.close())
      .then(() => own.close())
      .then(() => engine.close())
      .then(
        () => process.exit(0),
        () => process.exit(1),
      );
  });
