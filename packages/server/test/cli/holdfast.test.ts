import { createWebSocketChannels } from '@holdfast/websocket';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import WebSocket from 'ws';

// The command as people run it: processes of their own.

const BIN = fileURLToPath(new URL('../../bin/holdfast.mjs', import.meta.url));
const TSX = import.meta.resolve('tsx');
const running = new Set<ChildProcess>();
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-cli-'));
});

afterEach(async () => {
  for (const child of running) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

function run(...args: string[]) {
  const child = spawn(process.execPath, ['--import', TSX, BIN, ...args], {
    cwd: folder,
    env: { ...process.env, HOLDFAST_SECRET: undefined, HOLDFAST_TOKEN: undefined, NO_COLOR: '1' },
  });
  running.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => (output += data.toString()));
  const exited = once(child, 'exit').then(([code]) => {
    running.delete(child);
    return code as number | null;
  });
  return {
    child,
    exited,
    output: () => output,
    prints: (text: string | RegExp) =>
      vi.waitFor(
        () => {
          const match = new RegExp(text).exec(output);
          if (match === null) throw new Error(`not printed: ${String(text)}\n${output}`);
          return match[1] ?? match[0];
        },
        { timeout: 20_000 },
      ),
  };
}

it('starts a gateway, hands out tokens, tails a session, and keeps it over a restart', async () => {
  let dev = run('dev', '--port', '0');
  const http = await dev.prints(/tokens +(http:\/\/[^/]+)/);
  const url = `${http.replace('http', 'ws')}/holdfast`;
  const channels = createWebSocketChannels({
    url,
    token: async () => (await fetch(`${http}/token?session=demo&user=ada`)).text(),
    WebSocket,
  });
  const draft = (id: string) => ({ id, name: 'note', data: { says: id } });
  await channels.channel('demo').publish({ action: 'create', draft: draft('one') });

  const tail = run('tail', 'demo', '--url', url);
  await tail.prints(/note +ada +one +\{"says":"one"\}/);
  await channels.channel('demo').publish({ action: 'create', draft: draft('two') });
  await tail.prints(/two/);
  tail.child.kill('SIGINT');
  expect(await tail.exited).toBe(0);
  await expect(channels.channel('other').history()).rejects.toMatchObject({ code: 'forbidden' });
  await channels.close();

  dev.child.kill('SIGTERM');
  expect(await dev.exited).toBe(0);
  dev = run('dev', '--port', new URL(http).port);
  await dev.prints('gateway');
  const again = run('tail', 'demo', '--url', url);
  await again.prints(/one[^]*two/);
}, 60_000);

it('says what is wrong', async () => {
  const badSecret = run('tail', 'demo', '--url', 'ws://127.0.0.1:9/holdfast', '--secret', 'short');
  const noToken = run('tail', 'demo', '--url', 'ws://127.0.0.1:9/holdfast');
  const noSession = run('tail');
  const shortSecret = run('dev', '--port', '0', '--secret', 'short');
  const all = [badSecret, noToken, noSession, shortSecret];
  expect(await Promise.all(all.map(({ exited }) => exited))).toEqual([1, 1, 1, 1]);
  for (const each of [badSecret, shortSecret]) expect(each.output()).toContain('at least 32');
  expect(noToken.output()).toContain('A token is needed');
  expect(noSession.output()).toContain('SESSION');
}, 60_000);
