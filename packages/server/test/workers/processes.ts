import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export interface Process {
  readonly name: string;
  kill(signal: NodeJS.Signals): Promise<void>;
}

const WORKER = fileURLToPath(new URL('worker.ts', import.meta.url));
let hired = 0;

/** Starts a worker as a process of its own; resolves when it listens. Killed when the test ends. */
export async function startWorker(url: string): Promise<Process> {
  const name = `worker-${(hired += 1)}`;
  const child = spawn(process.execPath, ['--import', 'tsx', WORKER, url, name], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  const kill = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await exited;
  };
  onTestFinished(() => kill('SIGKILL'));
  let said = '';
  await new Promise<void>((resolve, reject) => {
    const hear = (text: string): void => {
      said += text;
      if (said.includes('listening')) resolve();
    };
    child.stdout.setEncoding('utf8').on('data', hear);
    child.stderr.setEncoding('utf8').on('data', hear);
    child.once('exit', (code) => reject(new Error(`a worker ended with ${code}: ${said}`)));
  });
  return { name, kill };
}
