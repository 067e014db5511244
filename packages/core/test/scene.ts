import type { Channels, Claims } from '@holdfast/channel';
import { createMemoryChannels, createMemoryEngine } from '@holdfast/channel/memory';
import { onTestFinished } from 'vitest';
import { createAgent, openSession } from '@holdfast/core';
import type { Agent, AgentOptions, AgentRun, RunId, Session } from '@holdfast/core';
import { textCodec, type TextChunk } from './text-codec.ts';

type TextRun = AgentRun<TextChunk, readonly string[]>;
type TextAgentOptions = Partial<Omit<AgentOptions<TextChunk, readonly string[]>, 'run'>>;

/** A session on a memory engine, with as many devices and agents as a test wants. Closed when the test ends. */
export interface Scene {
  readonly name: string;
  connect(clientId: string, claims?: 'agent' | 'staff' | Claims): Channels;
  device(clientId?: string): Promise<Session>;
  agent(run: (run: TextRun) => Promise<void> | void, options?: TextAgentOptions): Promise<Agent>;
}

export function createScene(): Scene {
  const engine = createMemoryEngine();
  const name = 'scene';
  const closers: (() => Promise<unknown>)[] = [];
  onTestFinished(async () => {
    for (const close of closers.toReversed()) await close();
    await engine.close();
  });
  const connect: Scene['connect'] = (clientId, claims) => {
    const channels = createMemoryChannels({
      engine,
      clientId,
      ...(claims !== undefined && { claims: typeof claims === 'string' ? { role: claims } : claims }),
    });
    closers.push(() => channels.close());
    return channels;
  };
  return {
    name,
    connect,
    async device(clientId = 'ada') {
      const session = openSession({ channels: connect(clientId), name });
      closers.push(() => session.close());
      await session.ready;
      return session;
    },
    async agent(run, options = {}) {
      const agent = createAgent({
        channels: connect('bot', 'agent'),
        name: 'bot',
        codec: textCodec,
        run,
        onError() {},
        ...options,
      });
      closers.push(() => agent.close({ drainMs: 0 }));
      await agent.attend(name);
      return agent;
    },
  };
}

/** A stream that a test feeds as it goes. */
export interface Tap {
  readonly chunks: AsyncIterable<TextChunk>;
  say(text: string): void;
  push(chunk: TextChunk): void;
  end(error?: Error): void;
}

export function createTap(): Tap {
  let controller: ReadableStreamDefaultController<TextChunk>;
  const chunks = new ReadableStream<TextChunk>({ start: (each) => void (controller = each) });
  return {
    chunks,
    say: (text) => controller.enqueue({ type: 'text', text }),
    push: (chunk) => controller.enqueue(chunk),
    end: (error) => (error === undefined ? controller.close() : controller.error(error)),
  };
}

/** Resolves when `condition` holds, which is looked at whenever the session changes. */
export function until(session: Session, condition: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (!condition()) return;
      stop();
      resolve();
    };
    const stop = session.subscribe(look);
    look();
  });
}

export function ended(session: Session, run: RunId): Promise<void> {
  return until(session, () =>
    ['complete', 'cancelled', 'error', 'lost'].includes(session.run(run)?.status ?? ''),
  );
}
