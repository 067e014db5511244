import { mkdir } from 'node:fs/promises';
import { createServer } from 'vite';
import { start } from '../check/processes.ts';

// The whole example on one machine: gateway, agent, page. Each is a process or a server of its own, as in production.

const GATEWAY_PORT = '4410';
process.env['GATEWAY_URL'] = `http://127.0.0.1:${GATEWAY_PORT}`;
await mkdir('.holdfast', { recursive: true });

const gateway = await start('src/gateway.ts', { PORT: GATEWAY_PORT }, 'gateway:');
const agent = await start(
  'src/agent/main.ts',
  { GATEWAY_URL: `ws://127.0.0.1:${GATEWAY_PORT}/holdfast` },
  'agent:',
);
const page = await createServer({ server: { port: 4400, host: '127.0.0.1' } });
await page.listen();
console.log(`\n  Open  ${page.resolvedUrls?.local[0] ?? 'http://127.0.0.1:4400/'}   (Ctrl+C ends it)\n`);

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    Promise.all([page.close(), agent.kill('SIGTERM'), gateway.kill('SIGTERM')]).then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });
