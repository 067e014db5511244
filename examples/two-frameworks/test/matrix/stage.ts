import { uiAgent } from '@holdfast/ai-sdk/agent';
import type { Channels } from '@holdfast/channel';
import { createMemoryChannels, createMemoryEngine } from '@holdfast/channel/memory';
import type { Agent } from '@holdfast/core';
import { chatAgent } from '@holdfast/tanstack-ai/agent';
import type { StreamChunk } from '@tanstack/ai/client';
import type { UIMessageChunk } from 'ai';
import { onTestFinished, vi } from 'vitest';
import { openClient, type Client } from './clients.ts';
import type { AgentFramework, ClientFramework } from './features.ts';

/** Chunks of one turn, in the framework's own form. An error is thrown; a promise is waited for. */
export type Turn = readonly (object | Error | Promise<unknown>)[];

export interface AgentScript {
  readonly framework: AgentFramework;
  /** What it does in each turn, counted from 0. `prompt` is the conversation as the model gets it, as JSON. */
  readonly turn: (turn: number, prompt: string) => Turn;
}

/** One session in memory, with agents and pages of any framework. Closed when the test ends. */
export interface Stage {
  open(framework: ClientFramework, user?: string): Promise<Client>;
  agent(script: AgentScript): Promise<Agent>;
}

/** What both frameworks' agents are started with here. */
interface Start {
  readonly channels: Channels;
  readonly play: (run: Run) => Promise<AsyncGenerator<unknown>>;
}

interface Run {
  readonly signal: AbortSignal;
  prompt(): Promise<unknown>;
}

const AGENT: Readonly<Record<AgentFramework, (start: Start) => Agent>> = {
  'ai-sdk': ({ channels, play }) =>
    uiAgent({
      channels,
      name: 'bot',
      onError() {},
      describeError: String,
      stream: async (run) => (await play(run)) as AsyncGenerator<UIMessageChunk>,
    }),
  'tanstack-ai': ({ channels, play }) =>
    chatAgent({
      channels,
      name: 'bot',
      onError() {},
      describeError: String,
      stream: async (run) => (await play(run)) as AsyncGenerator<StreamChunk>,
    }),
};

const NAME = 'matrix';

export function createStage(): Stage {
  const engine = createMemoryEngine();
  const closers: (() => unknown)[] = [() => engine.close()];
  onTestFinished(async () => {
    for (const close of closers.splice(0).toReversed()) await close();
  });
  const connect = (clientId: string, role?: 'agent'): Channels => {
    const claims = role === undefined ? {} : { claims: { role } };
    const channels = createMemoryChannels({ engine, clientId, ...claims });
    closers.push(() => channels.close());
    return channels;
  };
  return {
    async open(framework, user = 'ada') {
      const client = await openClient(framework, connect(user), NAME);
      closers.push(() => client.close());
      return client;
    },
    async agent({ framework, turn }) {
      let turns = 0;
      const play = async (run: Run): Promise<AsyncGenerator<unknown>> => {
        const prompt = JSON.stringify(await run.prompt());
        turns += 1;
        return stream(turn(turns - 1, prompt), run.signal);
      };
      const agent = AGENT[framework]({ channels: connect('bot', 'agent'), play });
      closers.push(() => agent.close({ drainMs: 0 }));
      await agent.attend(NAME);
      return agent;
    },
  };
}

async function* stream(turn: Turn, signal: AbortSignal): AsyncGenerator<unknown> {
  for (const chunk of turn) {
    if (signal.aborted) return;
    if (chunk instanceof Error) throw chunk;
    if (chunk instanceof Promise) await chunk;
    else yield chunk;
  }
}

/** Waits for what is bound to come; nothing in these tests depends on how long that takes. */
export function soon(assertion: () => void): Promise<void> {
  return vi.waitFor(assertion, { timeout: 20_000, interval: 5 });
}
