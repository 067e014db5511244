import { createMemoryChannels, createMemoryEngine } from '@holdfast/channel/memory';
import type { Channels } from '@holdfast/channel';
import { createAgent, openSession } from '@holdfast/core';
import type { Agent, AgentOptions, AgentRun, Session } from '@holdfast/core';
import { runTree, type RunNode } from '@holdfast/core/agents';
import { onTestFinished } from 'vitest';
import { textCodec, textOf, type TextChunk } from '../text-codec.ts';

export type CrewRun = AgentRun<TextChunk, readonly string[]>;
type CrewOptions = Partial<Omit<AgentOptions<TextChunk, readonly string[]>, 'run' | 'name'>> & {
  readonly clientId?: string;
};

/** A session on a memory engine, with agents of several names. Closed when the test ends. */
export interface Crew {
  readonly name: string;
  connect(clientId: string, role?: 'agent'): Channels;
  person(clientId?: string): Promise<Session>;
  /** Answers what nobody else is asked. */
  lead(run: (run: CrewRun) => Promise<void> | void, options?: CrewOptions): Promise<Agent>;
  /** Answers only what it is asked by name. */
  agent(name: string, run: (run: CrewRun) => Promise<void> | void, options?: CrewOptions): Promise<Agent>;
}

export const LEAD = 'lead';

export function createCrew(): Crew {
  const engine = createMemoryEngine();
  const session = 'crew';
  const closers: (() => Promise<unknown>)[] = [];
  onTestFinished(async () => {
    for (const close of closers.toReversed()) await close();
    await engine.close();
  });
  const connect = (clientId: string, role?: 'agent'): Channels => {
    const channels = createMemoryChannels({
      engine,
      clientId,
      ...(role !== undefined && { claims: { role } }),
    });
    closers.push(() => channels.close());
    return channels;
  };
  const hire: Crew['agent'] = async (name, run, { clientId = name, ...options } = {}) => {
    const agent = createAgent({
      channels: connect(clientId, 'agent'),
      name,
      codec: textCodec,
      leaseMs: 120,
      answers: 'addressed',
      run,
      onError() {},
      ...options,
    });
    closers.push(() => agent.close({ drainMs: 0 }));
    await agent.attend(session);
    return agent;
  };
  return {
    name: session,
    connect,
    async person(clientId = 'ada') {
      const opened = openSession({ channels: connect(clientId), name: session });
      closers.push(() => opened.close());
      await opened.ready;
      return opened;
    },
    lead: (run, options) => hire(LEAD, run, { answers: 'all', ...options }),
    agent: hire,
  };
}

export async function* say(text: string): AsyncGenerator<TextChunk> {
  yield { type: 'text', text };
}

/** Waits until somebody stops it. */
export function untilStopped({ signal }: Pick<CrewRun, 'signal'>): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

/** What an agent was asked. */
export async function taskOf(run: CrewRun): Promise<string> {
  return textOf((await run.branch()).findLast(({ role }) => role === 'user')?.parts ?? []);
}

/** A tree as a reader sees it: one line each, `name (agent) status: answer`, sub-runs indented. */
export function lines(session: Session): readonly string[] {
  const line = ({ name, agent = '', run, answer, depth, subRuns }: RunNode): readonly string[] => [
    `${'  '.repeat(depth)}${name} (${agent}) ${run.status}: ${textOf(answer?.parts ?? [])}`,
    ...subRuns.flatMap(line),
  ];
  return runTree(session).flatMap(line);
}
