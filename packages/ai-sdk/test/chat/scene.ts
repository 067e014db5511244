import { Chat } from '@ai-sdk/react';
import type { Channels } from '@holdfast/channel';
import { createMemoryChannels, createMemoryEngine } from '@holdfast/channel/memory';
import { openSession, type Agent, type DeviceId, type OpenOutbox, type Session } from '@holdfast/core';
import {
  isStepCount,
  streamText,
  type ChatInit,
  type ChatOnFinishCallback,
  type ChatOnToolCallCallback,
  type LanguageModel,
  type ToolSet,
  type UIMessage,
} from 'ai';
import { expect, onTestFinished, vi } from 'vitest';
import { uiAgent, type UIAgentOptions } from '../../src/agent.ts';
import { createChatTransport, syncChat, toUIMessages } from '../../src/index.ts';
import type { ChatSync, ChatTransportOptions } from '../../src/index.ts';

export type Finish = Parameters<ChatOnFinishCallback<UIMessage>>[0];

export type ToolCall = Parameters<ChatOnToolCallCallback<UIMessage>>[0]['toolCall'];

/** One page on the session: a genuine chat, and what it told its page. */
export interface Tab {
  readonly channels: Channels;
  readonly session: Session;
  readonly chat: Chat<UIMessage>;
  readonly sync: ChatSync | undefined;
  readonly finishes: Finish[];
  readonly errors: Error[];
  readonly data: unknown[];
  /** Ids of the tool calls that `onToolCall` was told of. */
  readonly toolCalls: string[];
}

export interface TabOptions extends ChatTransportOptions {
  /** Default `ada`. */
  readonly user?: string;
  /** Default a new one; the same one again is a reload. */
  readonly device?: string;
  /** Default true. */
  readonly synced?: boolean;
  readonly sendAutomaticallyWhen?: ChatInit<UIMessage>['sendAutomaticallyWhen'];
  /** Runs a client tool, and answers it on the chat. */
  readonly onToolCall?: (toolCall: ToolCall, chat: Chat<UIMessage>) => void;
  readonly over?: (channels: Channels) => Channels;
  readonly outbox?: OpenOutbox;
  /** Default true: the tab waits for its session. */
  readonly ready?: boolean;
  readonly wrap?: (session: Session) => Session;
}

export interface AgentSetup extends Partial<UIAgentOptions> {
  readonly model?: LanguageModel;
  readonly tools?: ToolSet;
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
    const channels = createMemoryChannels({
      engine,
      clientId,
      ...(role !== undefined && { claims: { role } }),
    });
    closers.push(() => channels.close());
    return channels;
  };
  return {
    name,
    close,
    connect,
    async tab({ user = 'ada', device, synced = true, over, wrap, outbox, ready = true, ...options } = {}) {
      const plain = connect(user);
      const channels = over?.(plain) ?? plain;
      const session = openSession({
        channels,
        name,
        ...(device !== undefined && { device: device as string as DeviceId }),
        ...(outbox !== undefined && { outbox }),
      });
      closers.push(() => session.close());
      const { sendAutomaticallyWhen, onToolCall, ...transport } = options;
      const told = {
        finishes: [] as Finish[],
        errors: [] as Error[],
        data: [] as unknown[],
        toolCalls: [] as string[],
      };
      const chat: Chat<UIMessage> = new Chat({
        transport: createChatTransport(wrap?.(session) ?? session, transport),
        onFinish: (event) => void told.finishes.push(event),
        onError: (error) => void told.errors.push(error),
        onData: (part) => void told.data.push(part),
        onToolCall({ toolCall }) {
          told.toolCalls.push(toolCall.toolCallId);
          onToolCall?.(toolCall, chat);
        },
        ...(sendAutomaticallyWhen !== undefined && { sendAutomaticallyWhen }),
      });
      const sync = synced ? syncChat(chat, session) : undefined;
      if (sync !== undefined) closers.push(() => sync.dispose());
      if (ready) await session.ready;
      return { channels, session, chat, sync, ...told };
    },
    async agent({ model, tools, ...options }) {
      const agent = uiAgent({
        channels: connect('bot', 'agent'),
        name: 'bot',
        onError() {},
        async stream(run) {
          if (model === undefined) throw new Error('An agent needs a model.');
          return streamText({
            model,
            ...(tools !== undefined && { tools }),
            messages: await run.prompt(),
            abortSignal: run.signal,
            stopWhen: isStepCount(5),
            maxRetries: 0,
            onError() {},
          });
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
export function lines({ chat }: Pick<Tab, 'chat'>): string[] {
  return chat.messages.map(({ role, parts }) => `${role}: ${parts.map(lineOf).join('')}`);
}

function lineOf(part: UIMessage['parts'][number]): string {
  if (part.type === 'text') return part.text;
  return 'toolCallId' in part ? `[${part.state}]` : '';
}

/** Every chat is at rest and shows the session, and all show the same. */
export async function settled(...tabs: readonly Tab[]): Promise<void> {
  await soon(() => {
    for (const { chat, session } of tabs) {
      expect(chat.status).toBe('ready');
      expect(session.snapshot.runs.filter(({ status }) => BUSY.has(status))).toEqual([]);
      expect(json(chat.messages)).toEqual(json(toUIMessages(session)));
    }
    for (const { chat } of tabs) expect(json(chat.messages)).toEqual(json(tabs[0]?.chat.messages));
  });
}

const BUSY: ReadonlySet<string> = new Set(['queued', 'active', 'cancelling']);

export function json(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null));
}
