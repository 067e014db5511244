import type { Channels, Claims, JsonValue } from '@holdfast/channel';
import type { ToolPart } from '@holdfast/codec';
import { createAgent, openSession, readApproval } from '@holdfast/core';
import type { Agent, AgentOptions, AgentRun, Approval, DeviceId, RunId, Session } from '@holdfast/core';
import { onTestFinished } from 'vitest';
import { said, textCodec, type TextChunk } from '../text-codec.ts';

/** Where a session lives: connections with identities that it has verified. */
export interface Backend {
  readonly connect: (clientId: string, claims?: Claims) => Channels;
  close(): Promise<void>;
}

export type TestRun = AgentRun<TextChunk, readonly string[]>;
export type TestAgentOptions = Partial<AgentOptions<TextChunk, readonly string[]>>;

/** One session on a backend, with as many people and agents as a test wants. Closed when the test ends. */
export interface Stage {
  readonly name: string;
  connect(clientId: string, claims?: Claims): Channels;
  person(clientId: string, options?: PersonOptions): Promise<Session>;
  agent(run: (run: TestRun) => Promise<void> | void, options?: TestAgentOptions): Promise<Agent>;
  /** A run that `session` has asked for. */
  ask(session: Session): RunId;
}

interface PersonOptions {
  readonly claims?: Claims;
  readonly device?: string;
  readonly channels?: Channels;
}

export async function openStage(open: () => Promise<Backend> | Backend): Promise<Stage> {
  const backend = await open();
  const closers: (() => Promise<unknown>)[] = [];
  onTestFinished(async () => {
    for (const close of closers.toReversed()) await close();
    await backend.close();
  });
  const name = 'stage';
  const connect = (clientId: string, claims?: Claims): Channels => {
    const channels = backend.connect(clientId, claims);
    closers.push(() => channels.close());
    return channels;
  };
  return {
    name,
    connect,
    async person(clientId, { claims, device, channels = connect(clientId, claims) } = {}) {
      const session = openSession({
        channels,
        name,
        ...(device !== undefined && { device: device as string as DeviceId }),
      });
      closers.push(() => session.close());
      await session.ready;
      return session;
    },
    async agent(run, options = {}) {
      const agent = createAgent({
        channels: connect('bot', { role: 'agent' }),
        name: 'bot',
        codec: textCodec,
        run,
        leaseMs: 300,
        onError() {},
        ...options,
      });
      closers.push(() => agent.close({ drainMs: 0 }));
      await agent.attend(name);
      return agent;
    },
    ask: (session) => session.send({ parts: said('please') }).run,
  };
}

/** The call `callId` as a session shows it. */
export function callOf(session: Session, run: RunId, callId: string): ToolPart | undefined {
  const output = session.run(run)?.output;
  const parts = (output === undefined ? undefined : session.message(output))?.parts ?? [];
  return parts.findLast((part): part is ToolPart => part.type === 'tool' && part.callId === callId);
}

export function approvalOf(session: Session, run: RunId, callId = 'pay-1'): Approval {
  const approval = readApproval(session, { run, callId });
  if (approval === undefined) throw new Error('Nobody is asked.');
  return approval;
}

/** What a session shows of one run, as JSON. */
export function view(session: Session, run: RunId): JsonValue {
  const { output, status, reason } = session.run(run) ?? {};
  const parts = output === undefined ? [] : session.message(output)?.parts;
  return JSON.parse(JSON.stringify({ status, reason, parts: parts ?? [] })) as JsonValue;
}
