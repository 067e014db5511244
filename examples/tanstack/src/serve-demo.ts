import { start } from '@holdfast/example-chat/processes';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createServer } from 'vite';

export interface DemoOptions {
  /** The example's folder, with the page. */
  readonly root: string;
  /** The agent's program. */
  readonly agent: string;
  /** Where the page is; the gateway is one further. */
  readonly port: number;
}

/** A whole example on one machine: the chat example's gateway, an agent, a page. Each is a process or a server of its own. */
export async function serveDemo({ root, agent: program, port }: DemoOptions): Promise<void> {
  const folder = join(root, '.holdfast');
  await mkdir(folder, { recursive: true });
  const gatewayPort = String(port + 1);
  process.env['GATEWAY_URL'] = `http://127.0.0.1:${gatewayPort}`;
  const gateway = await start(
    'src/gateway.ts',
    { PORT: gatewayPort, DB: join(folder, 'chat.db') },
    'gateway:',
  );
  const url = `ws://127.0.0.1:${gatewayPort}/holdfast`;
  const agent = await start(program, { GATEWAY_URL: url }, 'agent:');
  const page = await createServer({ root, server: { port, host: '127.0.0.1' } });
  await page.listen();
  console.log(`\n  Open  ${page.resolvedUrls?.local[0] ?? `http://127.0.0.1:${port}/`}   (Ctrl+C ends it)\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      Promise.all([page.close(), agent.kill('SIGTERM'), gateway.kill('SIGTERM')]).then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
}
