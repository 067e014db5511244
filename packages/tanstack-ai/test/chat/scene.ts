import type { Channels } from '@holdfast/channel';
import { createMemoryChannels, createMemoryEngine } from '@holdfast/channel/memory';
import { openSession, type Agent, type DeviceId, type OpenOutbox, type Session } from '@holdfast/core';
import { chat, type AnyTool, type StreamChunk } from '@tanstack/ai';
import {
  ChatClient,
  type ChatClientOptions,
  type ConnectionStatus,
  type UIMessage,
} from '@tanstack/ai-client';
import { expect, onTestFinished, vi } from 'vitest';
import { chatAgent, type ChatAgentOptions } from '../../src/agent.ts';
import {
  createConnection,
  foldState,
  toUIMessages,
  type Connection,
  type ConnectionOptions,
  type SharedState,
} from '../../src/index.ts';
import type { MockModel } from '../model.ts';

/** One page on the session: a genuine chat client, subscribed, and what it told its page. */
export interface Tab {
  readonly channels: Channels;
  readonly session: Session;
  readonly connection: Connection;
  readonly chat: ChatClient;
  readonly finishes: UIMessage[];
  readonly errors: Error[];
  readonly custom: unknown[];
  readonly connections: ConnectionStatus[];
  /** The shared state as the chat was told of it. */
  readonly state: () => SharedState;
  /** What it was told of that. */
  readonly stateEvents: readonly StreamChunk[];
}

export interface TabOptions extends ConnectionOptions {
  /** Default `ada`. */
  readonly user?: string;
  /** Default a new one; the same one again is a reload. */
  readonly device?: string;
  readonly tools?: ChatClientOptions['tools'];
  /** Messages per page that the chat loads; without it the chat asks for no history. */
  readonly page?: number;
  /** Messages per page of the session. */
  readonly pageSize?: number;
  readonly over?: (channels: Channels) => Channels;
  readonly outbox?: OpenOutbox;
  /** Default true: the tab waits for its session. */
  readonly ready?: boolean;
}

export interface AgentSetup extends Partial<Omit<ChatAgentOptions, 'channels'>> {
  readonly model?: MockModel;
  readonly tools?: readonly AnyTool[];
}

/** One session in memory, with as many tabs and agents as a test wants. Closed when the test ends. */
export interface Scene {
  readonly name: string;
  connect(clientId: string, role?: 'agent'): Channels;
  tab(options?: TabOptions): Promise<Tab>;
  agent(setup: AgentSetup): Promise<Agent>;
  close(): Promise<void>;
}

export function createScene(): Scene {
  const engine = createMemoryEngine();
  const name = 'scene';
  const closers: (() => unknown)[] = [() => engine.close()];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).toReversed()) await closer();
  };
  onTestFinished(close);
  const connect = (clientId: string, role?: 'agent'): Channels => {
    const claims = role === undefined ? {} : { claims: { role } };
    const channels = createMemoryChannels({ engine, clientId, ...claims });
    closers.push(() => channels.close());
    return channels;
  };
  return {
    name,
    close,
    connect,
    async tab({ user = 'ada', device, tools, page, pageSize, over, outbox, ready = true, ...options } = {}) {
      const plain = connect(user);
      const channels = over?.(plain) ?? plain;
      const session = openSession({
        channels,
        name,
        ...(device !== undefined && { device: device as string as DeviceId }),
        ...(pageSize !== undefined && { pageSize }),
        ...(outbox !== undefined && { outbox }),
      });
      closers.push(() => session.close());
      const connection = createConnection(session, options);
      const told = {
        finishes: [] as UIMessage[],
        errors: [] as Error[],
        custom: [] as unknown[],
        connections: [] as ConnectionStatus[],
      };
      let state: SharedState = {};
      const stateEvents: StreamChunk[] = [];
      const client = new ChatClient({
        connection,
        threadId: name,
        ...(tools !== undefined && { tools }),
        ...(page !== undefined && { persistence: true as const, history: { pageSize: page } }),
        onChunk(chunk) {
          state = foldState(state, chunk);
          if (chunk.type === 'STATE_SNAPSHOT' || chunk.type === 'STATE_DELTA') stateEvents.push(chunk);
        },
        onFinish: (message) => void told.finishes.push(message),
        onError: (error) => void told.errors.push(error),
        onCustomEvent: (type, value) => void told.custom.push([type, value]),
        onConnectionStatusChange: (status) => void told.connections.push(status),
      });
      closers.push(() => client.dispose());
      client.subscribe();
      client.attach();
      if (ready) await session.ready;
      return { channels, session, connection, chat: client, state: () => state, stateEvents, ...told };
    },
    async agent({ model, tools = [], ...options }) {
      const agent = chatAgent({
        channels: connect('bot', 'agent'),
        name: 'bot',
        onError() {},
        async stream(run) {
          const { abortController } = run;
          if (model === undefined) throw new Error('An agent needs a model.');
          const messages = await run.prompt();
          return chat({ adapter: model.adapter, tools: [...tools], messages, abortController, debug: false });
        },
        ...options,
      });
      closers.push(() => agent.close({ drainMs: 0 }));
      await agent.attend(name);
      return agent;
    },
  };
}

/** Waits for what is bound to come; nothing in these tests depends on how long that takes. */
export function soon(assertion: () => void): Promise<void> {
  return vi.waitFor(assertion, { timeout: 20_000, interval: 5 });
}

/** What a chat shows, a line per message. */
export function lines({ chat: client }: Pick<Tab, 'chat'>): string[] {
  return client.getMessages().map(({ role, parts }) => `${role}: ${parts.map(lineOf).join('')}`);
}

function lineOf(part: UIMessage['parts'][number]): string {
  if (part.type === 'text') return part.content;
  if (part.type === 'thinking') return `(${part.content})`;
  return part.type === 'tool-call' ? `[${part.state}]` : '';
}

/** What a chat shows, but for the times at which its messages were made. */
export function shown(messages: readonly UIMessage[]): unknown {
  return JSON.parse(JSON.stringify(messages.map(({ createdAt: _at, ...message }) => message))) as unknown;
}

/** Every chat is at rest and shows the session, and all show the same. */
export async function settled(...tabs: readonly Tab[]): Promise<void> {
  await soon(() => {
    for (const { chat: client, session } of tabs) {
      expect(session.snapshot.runs.filter(({ status }) => BUSY.has(status))).toEqual([]);
      expect(client.getStatus()).toBe('ready');
      expect(client.getIsLoading()).toBe(false);
      expect(client.getSessionGenerating()).toBe(false);
      expect(shown(client.getMessages())).toEqual(shown(toUIMessages(session)));
      expect(shown(client.getMessages())).toEqual(shown(tabs[0]?.chat.getMessages() ?? []));
    }
  });
}

const BUSY: ReadonlySet<string> = new Set(['queued', 'active', 'cancelling']);
