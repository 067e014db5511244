import Anthropic from '@anthropic-ai/sdk';
import { uiAgent } from '@holdfast/ai-sdk/agent';
import { messagesAgent } from '@holdfast/anthropic/agent';
import type { Channels } from '@holdfast/channel';
import { createMemoryChannels, createMemoryEngine } from '@holdfast/channel/memory';
import type { Agent } from '@holdfast/core';
import { responsesAgent, type Tools } from '@holdfast/openai/agent';
import { chatAgent } from '@holdfast/tanstack-ai/agent';
import { openProvider, type Provider } from '@holdfast/testing/model-provider';
import type { StreamChunk } from '@tanstack/ai/client';
import type { UIMessageChunk } from 'ai';
import OpenAI from 'openai';
import { onTestFinished, vi } from 'vitest';
import { openClient, type Client } from './clients.ts';
import type { AgentFramework, ClientFramework, Turn } from './frameworks.ts';
import { toReply } from './to-reply.ts';

export interface AgentScript {
  readonly framework: AgentFramework;
  /** What it does in each turn, counted from 0. `prompt` is the conversation as the model gets it, as JSON. */
  readonly turn: (turn: number, prompt: string) => Turn;
  /** What it runs itself, where the stream doesn't say what became of a call. */
  readonly tools?: Tools;
}

/** One session in memory, with agents and pages of any framework. Closed when the test ends. */
export interface Stage {
  open(framework: ClientFramework, user?: string): Promise<Client>;
  agent(script: AgentScript): Promise<Agent>;
}

/** What agents are started with here. */
interface Start {
  readonly channels: Channels;
  readonly tools: Tools;
  readonly play: (run: Run) => Promise<AsyncGenerator<unknown>>;
  /** Opens what the agent's model is called at; `field` is where a request has the conversation. */
  readonly provider: (field: string) => Promise<Provider>;
}

const describeError = (error: unknown): string => (error instanceof Error ? error.message : String(error));

interface Run {
  readonly signal: AbortSignal;
  prompt(): Promise<unknown>;
}

const AGENT: Readonly<Record<AgentFramework, (start: Start) => Agent | Promise<Agent>>> = {
  'ai-sdk': ({ channels, play }) =>
    uiAgent({
      channels,
      name: 'bot',
      onError() {},
      describeError,
      stream: async (run) => (await play(run)) as AsyncGenerator<UIMessageChunk>,
    }),
  'tanstack-ai': ({ channels, play }) =>
    chatAgent({
      channels,
      name: 'bot',
      onError() {},
      describeError,
      stream: async (run) => (await play(run)) as AsyncGenerator<StreamChunk>,
    }),
  async openai({ channels, tools, provider }) {
    const { baseURL } = await provider('input');
    const client = new OpenAI({ apiKey: 'none', baseURL, maxRetries: 0 });
    return responsesAgent({
      channels,
      name: 'bot',
      onError() {},
      describeError,
      tools,
      stream: async (run) =>
        client.responses.create(
          { model: 'gpt', input: await run.prompt(), stream: true, store: false },
          { signal: run.signal },
        ),
    });
  },
  async anthropic({ channels, tools, provider }) {
    const { baseURL } = await provider('messages');
    const client = new Anthropic({ apiKey: 'none', baseURL, maxRetries: 0 });
    return messagesAgent({
      channels,
      name: 'bot',
      onError() {},
      describeError,
      tools,
      stream: async (run) =>
        client.messages.create(
          { model: 'claude', max_tokens: 100, messages: await run.prompt(), stream: true },
          { signal: run.signal },
        ),
    });
  },
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
    async agent({ framework, turn, tools = {} }) {
      let turns = 0;
      const play = async (run: Run): Promise<AsyncGenerator<unknown>> => {
        const prompt = JSON.stringify(await run.prompt());
        turns += 1;
        return stream(turn(turns - 1, prompt), run.signal);
      };
      const provider = (field: string): Promise<Provider> =>
        openProvider((request, count) => toReply(framework, turn(count, JSON.stringify(request[field]))));
      const agent = await AGENT[framework]({ channels: connect('bot', 'agent'), tools, play, provider });
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
