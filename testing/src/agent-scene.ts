import type { Channels } from '@holdfast/channel';
import { createMemoryChannels, createMemoryEngine } from '@holdfast/channel/memory';
import type { ContentMessage, Part } from '@holdfast/codec';
import { openSession, type Agent, type RunId, type Session } from '@holdfast/core';
import { expect, onTestFinished, vi } from 'vitest';

/** What an agent of a scene is made with. */
export interface AgentSetup {
  readonly channels: Channels;
  readonly name: string;
  readonly onError: (error: unknown) => void;
}

/** One session in memory with an agent, and a page that asks it. Closed when the test ends. */
export interface Scene {
  readonly session: Session;
  readonly failures: unknown[];
  connect(clientId: string, role?: 'agent'): Channels;
  ask(text: string): RunId;
  /** Waits until a run is at rest or over, and gives its status. */
  settled(run: RunId): Promise<string>;
  /** What a run's answer shows, part by part. */
  shown(run: RunId): readonly string[];
  parts(run: RunId): readonly Part[];
}

export async function openAgentScene(createAgent: (setup: AgentSetup) => Agent): Promise<Scene> {
  const engine = createMemoryEngine();
  const closers: (() => unknown)[] = [() => engine.close()];
  onTestFinished(async () => {
    for (const closer of closers.toReversed()) await closer();
  });
  const connect = (clientId: string, role?: 'agent'): Channels => {
    const claims = role === undefined ? {} : { claims: { role } };
    const channels = createMemoryChannels({ engine, clientId, ...claims });
    closers.push(() => channels.close());
    return channels;
  };
  const failures: unknown[] = [];
  const agent = createAgent({
    channels: connect('bot', 'agent'),
    name: 'bot',
    onError: (error) => void failures.push(error),
  });
  closers.push(() => agent.close({ drainMs: 0 }));
  const session = openSession({ channels: connect('ada'), name: 'scene' });
  closers.push(() => session.close());
  await agent.attend('scene');
  await session.ready;
  const answer = (run: RunId): Pick<ContentMessage, 'parts'> => {
    const { output } = session.run(run) ?? {};
    return (output === undefined ? undefined : session.message(output)) ?? { parts: [] };
  };
  return {
    session,
    failures,
    connect,
    ask: (text) => session.send({ parts: [{ type: 'text', text }] }).run,
    async settled(run) {
      const status = (): string => session.run(run)?.status ?? 'unknown';
      await soon(() => expect(['unknown', 'queued', 'active', 'cancelling']).not.toContain(status()));
      return status();
    },
    parts: (run) => answer(run).parts,
    shown: (run) => answer(run).parts.flatMap(lineOf),
  };
}

/** Waits for what is bound to come; nothing in these tests depends on how long that takes. */
export function soon(assertion: () => void): Promise<void> {
  return vi.waitFor(assertion, { timeout: 20_000, interval: 5 });
}

function lineOf(part: Part): readonly string[] {
  switch (part.type) {
    case 'text':
      return [part.text];
    case 'reasoning':
      return [`(${part.text})`];
    case 'tool':
      return [`[${part.name} ${part.state}]`];
    case 'error':
      return [`! ${part.text}`];
    default:
      return [];
  }
}
