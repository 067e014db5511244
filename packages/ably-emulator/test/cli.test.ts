import { Rest } from 'ably';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

const BIN = fileURLToPath(new URL('../bin/ably-emulator.mjs', import.meta.url));
const TSX = import.meta.resolve('tsx');
const running = new Set<ChildProcess>();
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ably-emulator-'));
});
afterEach(async () => {
  for (const child of running) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

function run(...args: string[]) {
  const child = spawn(process.execPath, ['--import', TSX, BIN, ...args], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1' },
  });
  running.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => (output += data.toString()));
  const exited = once(child, 'exit').then(([code]) => {
    running.delete(child);
    return code as number | null;
  });
  const prints = (text: RegExp) =>
    vi.waitFor(
      () => {
        const match = text.exec(output);
        if (match === null) throw new Error(`not printed: ${String(text)}\n${output}`);
        return match[1] ?? match[0];
      },
      { timeout: 20_000 },
    );
  return { child, exited, prints };
}

it('prints the options that the client needs, and keeps messages in a file', async () => {
  for (const expected of [[], ['a']]) {
    const { child, exited, prints } = run('--port', '0', '--path', 'messages.db');
    const options = JSON.parse(await prints(/Realtime\((\{.*\})\)/)) as { key: string };
    const channel = new Rest({ ...options, useBinaryProtocol: false }).channels.get('room');
    expect((await channel.history()).items.map(({ data }) => data)).toEqual(expected);
    await channel.publish('note', 'a');
    child.kill('SIGTERM');
    expect(await exited).toBe(0);
  }
});

it('says what is wrong with an argument, and ends with 1', async () => {
  const { exited, prints } = run('--port', 'many');
  await prints(/--port must be a whole number, not many/);
  expect(await exited).toBe(1);
});
