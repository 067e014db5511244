import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser } from 'playwright-core';
import { build, preview } from 'vite';
import { freePort, start, type Running } from '../check/processes.ts';
import { chooseSetting, type ChannelsName } from '../src/channels/setting.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The whole example: its processes, the built page, a browser. */
export interface Scene {
  readonly browser: Browser;
  /** Where the page is. */
  readonly address: string;
  /** @param env what this process is told beside what all are */
  startAgent(env?: NodeJS.ProcessEnv): Promise<Running>;
  close(): Promise<void>;
}

/** @param sessions those that the agent attends where nobody wakes it */
export async function openScene(channels: ChannelsName, sessions: readonly string[] = []): Promise<Scene> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-page-'));
  const setting = chooseSetting(channels, {
    port: await freePort(),
    emulatorPort: await freePort(),
    sessions,
  });
  const { file, env, ready } = setting.server;
  const processes = [await start(file, { ...env, DB: join(folder, 'chat.db'), REDIS_URL: '' }, ready)];
  Object.assign(process.env, setting.page);
  const outDir = join(folder, 'page');
  await build({ root, logLevel: 'error', build: { outDir } });
  const page = await preview({
    root,
    // Cut connections are what these tests are about; the proxy would report each.
    logLevel: 'silent',
    build: { outDir },
    preview: { port: 0, host: '127.0.0.1' },
  });
  const browser = await chromium.launch({
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
    browser,
    address: page.resolvedUrls?.local[0] ?? '',
    async startAgent(env = {}) {
      const agent = await start(
        'src/agent/main.ts',
        {
          ...setting.agent,
          TOKENS_PER_SECOND: '300',
          APPROVAL_MS: '8000',
          ANTHROPIC_API_KEY: '',
          OPENAI_API_KEY: '',
          ...env,
        },
        'agent:',
      );
      processes.unshift(agent);
      return agent;
    },
    async close() {
      await browser.close();
      await page.close();
      for (const each of processes) await each.kill('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
