import { mkdir } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { createServer } from 'vite';
import { start } from '../check/processes.ts';
import { chooseSetting, readChannelsName } from './channels/setting.ts';

// The whole example on one machine: gateway or Ably emulator, agent, page. Each is a process or a server of its own, as in production.

// `ABLY_API_KEY` puts sessions on Ably's service; `--channels ably` without it on the emulator.
const ablyKey = process.env['ABLY_API_KEY'] || undefined;
const { values } = parseArgs({ options: { channels: { type: 'string' } } });
const channels = readChannelsName(values.channels ?? (ablyKey === undefined ? 'gateway' : 'ably'));
const setting = chooseSetting(channels, { port: 4410, emulatorPort: 4420, sessions: ['demo'], ablyKey });
Object.assign(process.env, setting.page);
await mkdir('.holdfast', { recursive: true });

const server = await start(setting.server.file, setting.server.env, setting.server.ready);
const agent = await start('src/agent/main.ts', setting.agent, 'agent:');
const page = await createServer({ server: { port: 4400, host: '127.0.0.1' } });
await page.listen();
console.log(
  `\n  Sessions on: ${setting.label}\n  Open  ${page.resolvedUrls?.local[0] ?? 'http://127.0.0.1:4400/'}   (Ctrl+C ends it)\n`,
);

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    Promise.all([page.close(), agent.kill('SIGTERM'), server.kill('SIGTERM')]).then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });
