import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';
import { AGENTS, startAgent, startGateway } from './processes.ts';

// The whole example on one machine: a gateway over SQLite, three agents, a page. Each is a process or a server of its own.

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, '.holdfast');
await mkdir(folder, { recursive: true });
const place = { port: 4441, file: join(folder, 'research.db') };
process.env['GATEWAY_URL'] = `http://127.0.0.1:${place.port}`;

const gateway = await startGateway(place);
const agents = await Promise.all(AGENTS.map((name) => startAgent(name, place)));
const page = await createServer({ root, server: { port: 4440, host: '127.0.0.1' } });
await page.listen();
console.log(`\n  Open  ${page.resolvedUrls?.local[0] ?? 'http://127.0.0.1:4440/'}   (Ctrl+C ends it)\n`);

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    Promise.all([
      page.close(),
      ...agents.map((agent) => agent.kill('SIGTERM')),
      gateway.kill('SIGTERM'),
    ]).then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });
