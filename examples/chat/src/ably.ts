import { serveAbly } from '@holdfast/ably-emulator';
import { createServer } from 'node:http';
import { ablyAddress, EMULATOR_KEY } from './channels/ably-address.ts';
import { signAblyToken } from './channels/ably-token.ts';
import { openEngine } from './engine.ts';

// What `gateway.ts` is to the default, over Ably: the part of your application's back end, which knows its users and signs
// tokens for them, and beside it the emulator where `ABLY_EMULATOR` says so. At Ably itself nothing else runs here.

const key = process.env['ABLY_API_KEY'] ?? EMULATOR_KEY;
const port = Number(process.env['PORT'] ?? 4410);

const http = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  if (pathname !== '/token') return response.writeHead(404).end();
  const session = searchParams.get('session') ?? 'demo';
  const clientId = searchParams.get('user') ?? 'guest';
  signAblyToken({ key, clientId, role: 'participant', session }).then(
    (token) => response.writeHead(200, { 'content-type': 'text/plain' }).end(token),
    () => response.writeHead(500).end(),
  );
});

const close = await startEmulator(process.env['ABLY_EMULATOR']);
http.listen(port, '127.0.0.1', () => console.log(`ably: tokens at http://127.0.0.1:${port}`));

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });

async function startEmulator(where: string | undefined): Promise<() => Promise<void>> {
  if (where === undefined) return () => Promise.resolve();
  const { endpoint: host = '', port: emulatorPort = 0 } = ablyAddress(where);
  const opened = await openEngine(process.env, '.holdfast/ably.db');
  const emulator = await serveAbly({
    engine: opened.engine,
    host,
    port: emulatorPort,
    key,
    // As at Ably: what makes the example work here makes it work there.
    namespaces: { holdfast: { mutableMessages: true } },
    limits: { messagesPerSecond: 50 },
    appendRollupWindowMs: 40,
  });
  return async () => {
    await emulator.close();
    await opened.close();
  };
}
