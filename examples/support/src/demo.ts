import { start } from '@holdfast/example-chat/processes';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

// The whole example on one machine: gateway, agent, pages. Each is a process or a server of its own, as in production.

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, '.holdfast');
await mkdir(folder, { recursive: true });
const port = '4441';
process.env['GATEWAY_URL'] = `http://127.0.0.1:${port}`;
const gateway = await start(
  join(root, 'src/gateway.ts'),
  { PORT: port, DB: join(folder, 'support.db') },
  'gateway:',
);
const agent = await start(
  join(root, 'src/agent/main.ts'),
  { GATEWAY_URL: `ws://127.0.0.1:${port}/holdfast` },
  'agent:',
);
const pages = await createServer({ root, server: { port: 4440, host: '127.0.0.1' } });
await pages.listen();
const address = pages.resolvedUrls?.local[0] ?? 'http://127.0.0.1:4440/';
console.log(`
  The customer  ${address}?as=ada
  Her helper    ${address}staff.html?as=bob
  A colleague   ${address}staff.html?as=eve   who may approve refunds
  (Ctrl+C ends it)
`);

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    Promise.all([pages.close(), agent.kill('SIGTERM'), gateway.kill('SIGTERM')]).then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });
