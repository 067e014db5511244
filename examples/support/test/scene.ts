import { freePort, start, type Running } from '@holdfast/example-chat/processes';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { build, preview } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Somebody's browser, and all that went over its WebSockets, as the browser's own tools tell it. */
export interface Seat {
  readonly page: Page;
  readonly received: readonly string[];
}

export interface Scene {
  /** Opens a page in a browser context of its own: another person, or another device. */
  open(path: string): Promise<Seat>;
  close(): Promise<void>;
}

/** The whole example: gateway, agent, pages, a browser. */
export async function openScene(): Promise<Scene> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-support-'));
  const port = String(await freePort());
  const processes: Running[] = [
    await start(join(root, 'src/gateway.ts'), { PORT: port, DB: join(folder, 'support.db') }, 'gateway:'),
  ];
  const url = `ws://127.0.0.1:${port}/holdfast`;
  processes.unshift(
    await start(join(root, 'src/agent/main.ts'), { GATEWAY_URL: url, TOKENS_PER_SECOND: '1000' }, 'agent:'),
  );
  process.env['GATEWAY_URL'] = `http://127.0.0.1:${port}`;
  const outDir = join(folder, 'pages');
  await build({ root, logLevel: 'error', build: { outDir } });
  const pages = await preview({
    root,
    logLevel: 'silent',
    build: { outDir },
    preview: { port: 0, host: '127.0.0.1' },
  });
  const address = pages.resolvedUrls?.local[0] ?? '';
  const browser: Browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  return {
    async open(path) {
      const context = await browser.newContext({ viewport: { width: 1240, height: 760 } });
      const page = await context.newPage();
      const received: string[] = [];
      const tools = await context.newCDPSession(page);
      tools.on('Network.webSocketFrameReceived', ({ response }) => received.push(response.payloadData));
      await tools.send('Network.enable');
      await page.goto(address + path);
      return { page, received };
    },
    async close() {
      await browser.close();
      await pages.close();
      for (const each of processes) await each.kill('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
