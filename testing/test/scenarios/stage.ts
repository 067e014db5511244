import type { Channels } from '@holdfast/channel';
import { createAgent, openSession } from '@holdfast/core';
import type { Agent, AgentOptions, AgentRun, DeviceId, OpenOutbox, Session } from '@holdfast/core';
import { onTestFinished } from 'vitest';
import { textCodec, type TextChunk } from '../../../packages/core/test/text-codec.ts';
import type { Backend, Who } from './backends/backend.ts';

export type TextRun = AgentRun<TextChunk, readonly string[]>;

export interface SessionChoices {
  /** Default: a connection of its own. */
  readonly channels?: Channels;
  /** Default: the stage's session. */
  readonly name?: string;
  readonly device?: string;
  readonly pageSize?: number;
  readonly outbox?: OpenOutbox;
}

export interface AgentChoices extends Partial<Omit<AgentOptions<TextChunk, readonly string[]>, 'run'>> {
  readonly session?: string;
  /** Default: `attend` of its session. */
  readonly start?: (agent: Agent) => Promise<void>;
}

/** One session on one backend, with as many people and agents as a story wants. Closed when the test ends. */
export interface Stage {
  readonly backend: Backend;
  /** The session's name, which no other story has. */
  readonly name: string;
  /** A participant, where only a name is given. */
  connect(who: string | Who): Promise<Channels>;
  /** Resolves when the session is ready. */
  session(who: string | Who, choices?: SessionChoices): Promise<Session>;
  /** Resolves when the agent attends the session. */
  agent(run: (run: TextRun) => Promise<void> | void, choices?: AgentChoices): Promise<Agent>;
  /** Has something closed when the test ends, the latest first. */
  finally(close: () => unknown): void;
}

export function openStage(backend: Backend): Stage {
  const name = `story-${crypto.randomUUID()}`;
  const closers: (() => unknown)[] = [];
  onTestFinished(async () => {
    for (const close of closers.toReversed()) await close();
  });
  const connect = async (who: string | Who): Promise<Channels> => {
    const channels = await backend.connect(typeof who === 'string' ? { clientId: who } : who);
    closers.push(() => channels.close());
    return channels;
  };
  return {
    backend,
    name,
    connect,
    finally: (close) => void closers.push(close),
    async session(who, { channels, device, ...choices } = {}) {
      const session = openSession({
        channels: channels ?? (await connect(who)),
        name,
        ...(device !== undefined && { device: device as DeviceId }),
        ...choices,
      });
      closers.push(() => session.close());
      await session.ready;
      return session;
    },
    async agent(
      run,
      { session = name, start = (each: Agent) => each.attend(session), channels, ...options } = {},
    ) {
      const agent = createAgent({
        channels: channels ?? (await connect({ clientId: 'bot', role: 'agent' })),
        name: 'bot',
        codec: textCodec,
        run,
        onError() {},
        ...options,
      });
      closers.push(() => agent.close({ drainMs: 0 }));
      await start(agent);
      return agent;
    },
  };
}
