import type { RunId, RunStatus } from '@holdfast/core';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { decide, textOf } from '../src/model/script.ts';
import { openClient, type Client } from './client.ts';
import { freePort, start, type Running } from './processes.ts';

export const QUESTION = 'Write me a long guide to everything you know';
export const TOKENS_PER_SECOND = 85;
const SESSION = 'check';

/** What a scenario plays on: processes of its own, devices, and what they show compared with what the model says. */
export interface Stage {
  /** The model's whole answer to `QUESTION`. */
  readonly expected: string;
  /** What went wrong so far. */
  readonly differences: readonly string[];
  gateway(): Promise<Running>;
  /** A process of the example's agent. `worker` tells it from others. */
  agent(options?: { readonly worker?: string; readonly leaseMs?: number }): Promise<Running>;
  open(name: string): Promise<Client>;
  /** At every change: what a device shows is a beginning of what the model says, and never gets shorter. */
  watch(client: Client, run: RunId): void;
  same(client: Client, run: RunId, text: string): void;
  differs(what: string): void;
  ended(clients: readonly Client[], run: RunId, status: RunStatus): Promise<void>;
  share(client: Client, run: RunId): string;
  /** Prints a step, with the time since the start. */
  readonly say: (text: string) => void;
  close(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const started = performance.now();
  const expected = textOf(decide({ question: QUESTION, results: new Map() }));
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-check-'));
  const port = await freePort();
  const differences: string[] = [];
  const cleanup: (() => Promise<unknown>)[] = [];

  const run = async (
    file: string,
    env: Readonly<Record<string, string>>,
    ready: string,
  ): Promise<Running> => {
    const running = await start(file, env, ready);
    cleanup.push(() => running.kill('SIGKILL'));
    return running;
  };

  return {
    expected,
    differences,
    gateway: () => run('src/gateway.ts', { PORT: String(port), DB: join(folder, 'chat.db') }, 'gateway:'),
    agent: ({ worker = 'assistant', leaseMs = 5000 } = {}) =>
      run(
        'src/agent/main.ts',
        {
          GATEWAY_URL: `ws://127.0.0.1:${port}/holdfast`,
          SESSIONS: SESSION,
          WORKER: worker,
          LEASE_MS: String(leaseMs),
          TOKENS_PER_SECOND: String(TOKENS_PER_SECOND),
          ANTHROPIC_API_KEY: '',
          OPENAI_API_KEY: '',
        },
        'agent:',
      ),
    async open(name) {
      const client = await openClient(name, `http://127.0.0.1:${port}`, SESSION);
      cleanup.push(() => client.close());
      return client;
    },
    watch(client, id) {
      let longest = 0;
      const stop = client.session.subscribe(() => {
        const text = client.text(id);
        if (expected.startsWith(text) && text.length >= longest) longest = text.length;
        else {
          differences.push(`${client.name} showed something else ${difference(text, expected)}`);
          stop();
        }
      });
    },
    same(client, id, text) {
      const shown = client.text(id);
      if (shown !== text) differences.push(`${client.name} differs ${difference(shown, text)}`);
    },
    differs: (what) => void differences.push(what),
    async ended(clients, id, status) {
      for (const { name, session } of clients)
        await until(() => session.run(id)?.status === status, `${name} to see the run ${status}`);
    },
    share: (client, id) => `${Math.round((client.text(id).length / expected.length) * 100)} %`,
    say(text) {
      console.log(`${((performance.now() - started) / 1000).toFixed(1).padStart(5)} s  ${text}`);
    },
    async close() {
      for (const end of cleanup.toReversed()) await end().catch((error: unknown) => console.error(error));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + 45_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await wait(20);
  }
}

function difference(shown: string, wanted: string): string {
  let at = 0;
  while (at < shown.length && shown[at] === wanted[at]) at += 1;
  const around = (text: string) => JSON.stringify(text.slice(Math.max(0, at - 30), at + 30));
  return `at ${at} of ${shown.length}/${wanted.length}: ${around(shown)} instead of ${around(wanted)}`;
}
