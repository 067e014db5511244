import type { Channels } from '@holdfast/channel';
import { createMemoryChannels, createMemoryEngine } from '@holdfast/channel/memory';
import { createAgent, openSession, wakeAgents } from '@holdfast/core';
import type { Agent, AgentOptions, AgentRun, ListenOptions, Session } from '@holdfast/core';
import { onTestFinished } from 'vitest';
import { textCodec, type TextChunk } from '../text-codec.ts';

export type TextRun = AgentRun<TextChunk, readonly string[]>;
type WorkerOptions = Partial<Omit<AgentOptions<TextChunk, readonly string[]>, 'run'>> & {
  readonly listen?: ListenOptions;
};

/** Any number of sessions on a memory engine, whose questions wake the workers of an agent. Closed when the test ends. */
export interface Crowd {
  connect(clientId: string, role?: 'agent' | 'staff'): Channels;
  ask(session: string, clientId?: string): Promise<Session>;
  /** A process that listens. */
  worker(run: (run: TextRun) => Promise<void> | void, options?: WorkerOptions): Promise<Agent>;
}

export const AGENT = 'helper';

export function createCrowd(): Crowd {
  const engine = createMemoryEngine({ presenceLeaseMs: 500 });
  const closers: (() => Promise<unknown>)[] = [];
  let hired = 0;
  onTestFinished(async () => {
    for (const close of closers.toReversed()) await close();
    await engine.close();
  });
  const connect = (clientId: string, role?: 'agent' | 'staff'): Channels => {
    const channels = createMemoryChannels({
      engine,
      clientId,
      ...(role !== undefined && { claims: { role } }),
    });
    closers.push(() => channels.close());
    return channels;
  };
  return {
    connect,
    async ask(name, clientId = 'ada') {
      const session = openSession({ channels: wakeAgents(connect(clientId), { agents: [AGENT] }), name });
      closers.push(() => session.close());
      await session.ready;
      return session;
    },
    async worker(run, { listen, ...options } = {}) {
      const agent = createAgent({
        channels: connect(`worker-${(hired += 1)}`, 'agent'),
        name: AGENT,
        codec: textCodec,
        run,
        onError() {},
        leaseMs: 300,
        ...options,
      });
      closers.push(() => agent.close({ drainMs: 0 }));
      await agent.listen(listen);
      return agent;
    },
  };
}

/** Everything that lies in the agent's inbox, oldest first. */
export async function readInbox(channels: Channels) {
  const found = [];
  const inbox = channels.channel(`inbox:${AGENT}`);
  for (
    let page = await inbox.history({ limit: 1000 });
    ;
    page = await inbox.history({ limit: 1000, cursor: page.next })
  ) {
    found.push(...page.messages);
    if (page.next === undefined) return found.toReversed();
  }
}
