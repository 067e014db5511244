import { Chat } from '@ai-sdk/react';
import { createChatTransport, syncChat } from '@holdfast/ai-sdk';
import type { Channels } from '@holdfast/channel';
import { decideApproval, isEnded, openSession, readApproval, type Session } from '@holdfast/core';
import { createConnection } from '@holdfast/tanstack-ai';
import { toolDefinition } from '@tanstack/ai';
import { ChatClient } from '@tanstack/ai-client';
import {
  isToolUIPart,
  lastAssistantMessageIsCompleteWithApprovalResponses,
  lastAssistantMessageIsCompleteWithToolCalls,
  type UIMessage,
} from 'ai';
import { z } from 'zod';
import type { ClientFramework } from './frameworks.ts';
import { linesOfChatMessages, linesOfContent, linesOfUIMessages } from './lines.ts';

/** One device with a page of some framework on a session. */
export interface Client {
  readonly framework: ClientFramework;
  readonly session: Session;
  /** What it shows of the answers. */
  readonly look: () => readonly string[];
  /** What it was told beside the messages. */
  readonly told: readonly string[];
  readonly ask: (text: string) => void;
  /** Nothing is under way here. */
  readonly isIdle: () => boolean;
  /** What it says went wrong with what it asked for. */
  readonly error: () => string | undefined;
  /** The page's own way to stop an answer, whoever asked for it. */
  readonly stop: () => Promise<void>;
  /** Decides the one approval that is asked for; false where none is. */
  readonly decide: (isApproved: boolean) => boolean;
  /** How often the page's tool was run here. */
  readonly ran: number;
  readonly close: () => Promise<void>;
}

/** The tool that pages run. */
export const LOCATE = 'locate';
const CITY = { city: 'Lisbon' };

export async function openClient(
  framework: ClientFramework,
  channels: Channels,
  name: string,
): Promise<Client> {
  const session = openSession({ channels, name });
  const client = OPEN[framework](session);
  await session.ready;
  return client;
}

const OPEN: Readonly<Record<ClientFramework, (session: Session) => Client>> = {
  'ai-sdk'(session) {
    const told: string[] = [];
    let ran = 0;
    const chat: Chat<UIMessage> = new Chat({
      transport: createChatTransport(session),
      sendAutomaticallyWhen: (options) =>
        lastAssistantMessageIsCompleteWithToolCalls(options) ||
        lastAssistantMessageIsCompleteWithApprovalResponses(options),
      onToolCall({ toolCall: { toolName, toolCallId } }) {
        if (toolName !== LOCATE) return;
        ran += 1;
        void chat.addToolOutput({ tool: toolName, toolCallId, output: CITY });
      },
      onError() {},
    });
    const sync = syncChat(chat, session);
    return {
      framework: 'ai-sdk',
      session,
      told,
      look: () => linesOfUIMessages(chat.messages.filter(({ role }) => role === 'assistant')),
      ask: (text) => void chat.sendMessage({ text }).catch(() => {}),
      isIdle: () => chat.status === 'ready' || chat.status === 'error',
      error: () => chat.error?.message,
      stop: () => sync.stop(),
      decide(approved) {
        const asked = chat.messages
          .flatMap(({ parts }) => parts.filter(isToolUIPart))
          .find(({ state }) => state === 'approval-requested');
        if (asked?.approval === undefined) return false;
        void chat.addToolApprovalResponse({ id: asked.approval.id, approved });
        return true;
      },
      get ran() {
        return ran;
      },
      async close() {
        sync.dispose();
        await session.close();
      },
    };
  },

  'tanstack-ai'(session) {
    const told: string[] = [];
    let ran = 0;
    const connection = createConnection(session);
    const locate = toolDefinition({ name: LOCATE, description: 'where', inputSchema: z.object({}) });
    const pay = toolDefinition({
      name: 'pay',
      description: 'pays',
      inputSchema: z.object({ sum: z.number() }),
      needsApproval: true,
    });
    const chat = new ChatClient({
      connection,
      threadId: session.name,
      tools: [
        locate.client(() => {
          ran += 1;
          return CITY;
        }),
        pay.client(),
      ],
      onChunk(chunk) {
        if (chunk.type === 'STATE_DELTA') told.push(`STATE_DELTA ${JSON.stringify(chunk.delta)}`);
      },
      onCustomEvent: (name, value) => void told.push(`${name} ${JSON.stringify(value)}`),
    });
    chat.subscribe();
    return {
      framework: 'tanstack-ai',
      session,
      told,
      look: () => linesOfChatMessages(chat.getMessages().filter(({ role }) => role === 'assistant')),
      ask: (text) => void chat.sendMessage(text).catch(() => {}),
      isIdle: () => !chat.getIsLoading() && !chat.getSessionGenerating(),
      error: () => chat.getError()?.message,
      stop: () => connection.cancel(),
      decide(approved) {
        const asked = chat
          .getMessages()
          .flatMap(({ parts }) => parts)
          .find((part) => part.type === 'tool-call' && part.state === 'approval-requested');
        if (chat.getInterrupts().length === 0 || asked === undefined || !('approval' in asked)) return false;
        void chat.addToolApprovalResponse({ id: asked.approval?.id ?? '', approved });
        return true;
      },
      get ran() {
        return ran;
      },
      async close() {
        chat.dispose();
        await session.close();
      },
    };
  },

  session(session) {
    let ran = 0;
    let asked: string | undefined;
    const calls = () =>
      session.snapshot.runs.flatMap((run) => {
        const message = run.output === undefined ? undefined : session.message(run.output);
        return (message?.parts ?? []).flatMap((part) =>
          part.type === 'tool' && run.status === 'suspended' ? [{ ...part, run: run.id }] : [],
        );
      });
    const answered = new Set<string>();
    session.subscribe(() => {
      for (const { run, callId, name, state, device } of calls()) {
        if (name !== LOCATE || state !== 'proposed' || device !== session.device || answered.has(callId))
          continue;
        answered.add(callId);
        ran += 1;
        session.answer({ run, callId }, { type: 'output', output: CITY }).catch(() => {});
      }
    });
    return {
      framework: 'session',
      session,
      told: [],
      look: () =>
        session.snapshot.messages
          .filter(({ role }) => role === 'assistant')
          .flatMap((each) => linesOfContent(each)),
      ask(text) {
        asked = session.send({ parts: [{ type: 'text', text, state: 'done' }] }).run;
      },
      isIdle: () => session.snapshot.runs.every(({ status }) => isEnded(status) || status === 'suspended'),
      error() {
        const run = session.snapshot.runs.find(({ id }) => id === asked);
        return run?.status === 'error' ? run.reason : undefined;
      },
      stop: () => session.cancel(),
      decide(ok) {
        const call = calls().find(({ state }) => state === 'asked');
        if (call?.approval === undefined) return false;
        const approval = readApproval(session, call);
        if (approval?.digest === undefined) return false;
        decideApproval(session, approval, { ok }).catch(() => {});
        return true;
      },
      get ran() {
        return ran;
      },
      close: () => session.close(),
    };
  },
};
