import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../chat/check/processes.ts';
import { openBalancer } from '../src/balancer.ts';

/** What stands in front of the gateways. */
export interface Door {
  /** Its origin, with http. */
  readonly address: string;
  close(): Promise<void>;
}

type OpenDoor = (ports: readonly number[]) => Promise<Door>;

/** By name. All but the first must be installed. */
export const BALANCERS: Readonly<Record<string, OpenDoor>> = {
  own: (ports) => openBalancer({ gateways: ports.map((port) => `http://127.0.0.1:${port}`), port: 0 }),
  nginx: configured('nginx.conf', (folder, file) => ['nginx', '-p', folder, '-c', file]),
  haproxy: configured('haproxy.cfg', (_folder, file) => ['haproxy', '-f', file]),
};

/** A program with the configuration that the example documents, its ports exchanged. */
function configured(
  name: string,
  command: (folder: string, file: string) => readonly [string, ...string[]],
): OpenDoor {
  return async (ports) => {
    const door = await freePort();
    const documented = await readFile(fileURLToPath(new URL(`../${name}`, import.meta.url)), 'utf8');
    const text = documented
      .replaceAll('127.0.0.1:4430', `127.0.0.1:${door}`)
      .replace(/127\.0\.0\.1:442([123])/g, (_all, digit) => `127.0.0.1:${ports[Number(digit) - 1]}`);
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-door-'));
    const file = join(folder, name);
    await writeFile(file, text);
    const [program, ...values] = command(folder, file);
    const child = spawn(program, values, { stdio: 'inherit' });
    await once(child, 'spawn');
    const ended = once(child, 'exit');
    const address = `http://127.0.0.1:${door}`;
    while (
      !(await fetch(address).then(
        () => true,
        () => false,
      ))
    ) {
      if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}`);
      await wait(100);
    }
    return {
      address,
      async close() {
        child.kill('SIGTERM');
        await ended;
        await rm(folder, { recursive: true, force: true });
      },
    };
  };
}
