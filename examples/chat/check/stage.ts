import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Setting } from '../src/channels/setting.ts';
import { decide, textOf } from '../src/model/script.ts';
import { openClient, type Client } from './client.ts';
import { openDeviceChannels } from './device-channels.ts';
import type { PrepareEngine } from './engines.ts';
import { start, type Running } from './processes.ts';
import { createReferee, type Referee } from './referee.ts';

export const QUESTION = 'Write me a long guide to everything you know';
/** The model's whole answer to it. */
export const EXPECTED = textOf(decide({ question: QUESTION, results: new Map() }));
export const TOKENS_PER_SECOND = 85;
export const SESSION = 'check';

/** What a scenario plays on: processes of its own, devices, and what they show compared with what the model says. */
export interface Stage extends Referee {
  /** What the sessions are on. */
  readonly label: string;
  /** A gateway, or the Ably emulator with a back end that signs tokens. */
  server(): Promise<Running>;
  /** A process of the example's agent. `worker` tells it from others. */
  agent(options?: { readonly worker?: string; readonly leaseMs?: number }): Promise<Running>;
  open(name: string): Promise<Client>;
  close(): Promise<void>;
}

export async function openStage(setting: Setting, prepare: PrepareEngine): Promise<Stage> {
  const referee = createReferee(EXPECTED, { repeats: setting.repeats });
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-check-'));
  const engine = await prepare(folder);
  const devices: Client[] = [];
  const processes: Running[] = [];

  const run = async (
    file: string,
    env: Readonly<Record<string, string>>,
    ready: string,
  ): Promise<Running> => {
    const running = await start(file, env, ready);
    processes.push(running);
    return running;
  };

  return {
    ...referee,
    label: `${setting.label} on ${engine.label}`,
    server: () => run(setting.server.file, { ...setting.server.env, ...engine.env }, setting.server.ready),
    agent: ({ worker = 'assistant', leaseMs = 5000 } = {}) =>
      run(
        'src/agent/main.ts',
        {
          ...setting.agent,
          WORKER: worker,
          LEASE_MS: String(leaseMs),
          TOKENS_PER_SECOND: String(TOKENS_PER_SECOND),
          ANTHROPIC_API_KEY: '',
          OPENAI_API_KEY: '',
        },
        'agent:',
      ),
    async open(name) {
      const client = await openClient(name, SESSION, await openDeviceChannels(setting, SESSION));
      devices.push(client);
      return client;
    },
    async close() {
      // While there still is a server to say goodbye to.
      const closed = await Promise.allSettled(devices.map((device) => device.close()));
      for (const result of closed) if (result.status === 'rejected') console.error(result.reason);
      for (const running of processes) await running.kill('SIGKILL');
      await engine.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
