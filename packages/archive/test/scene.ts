import type { Channels, Message } from '@holdfast/channel';
import { createMemoryChannels, createMemoryEngine } from '@holdfast/channel/memory';
import type { Engine } from '@holdfast/channel/engine';
import {
  createAgent,
  openSession,
  type Agent,
  type MessageId,
  type RunId,
  type Session,
} from '@holdfast/core';
import { onTestFinished } from 'vitest';
import { textCodec } from '../../core/test/text-codec.ts';
import { ended, until } from '../../core/test/scene.ts';
import type { ArchivedMessage } from '../src/index.ts';

/** Something to say: the agent's answer repeats the question. */
export interface Talk {
  readonly engine: Engine;
  connect(clientId: string, role?: 'agent'): Channels;
  open(channels?: Channels, name?: string): Promise<Session>;
  /** An agent on a session, which answers each question with an echo. */
  answering(channels?: Channels, name?: string): Promise<Agent>;
}

export const NAME = 'talk';

export function createTalk(): Talk {
  const engine = createMemoryEngine();
  const closers: (() => Promise<unknown>)[] = [() => engine.close()];
  onTestFinished(async () => {
    for (const close of closers.toReversed()) await close();
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
  return {
    engine,
    connect,
    async open(channels = connect('ada'), name = NAME) {
      const session = openSession({ channels, name });
      closers.push(() => session.close());
      await session.ready;
      return session;
    },
    async answering(channels = connect('bot', 'agent'), name = NAME) {
      let count = 0;
      const agent = createAgent({
        channels,
        name: 'bot',
        codec: textCodec,
        async run(run) {
          const prompt = await run.prompt();
          count += 1;
          await run.pipe(say(`answer ${count} to ${prompt.length} messages`));
        },
      });
      closers.push(() => agent.close({ drainMs: 0 }));
      await agent.attend(name);
      return agent;
    },
  };
}

async function* say(text: string): AsyncGenerator<{ readonly type: 'text'; readonly text: string }> {
  yield { type: 'text', text };
}

/** Asks and waits for the answer. */
export async function ask(
  session: Session,
  text: string,
): Promise<{ run: RunId; answer: MessageId; question: MessageId }> {
  const { run, message } = session.send({ parts: [{ type: 'text', text }] });
  return { run, answer: await answered(session, run), question: message };
}

export async function answered(session: Session, run: RunId): Promise<MessageId> {
  await ended(session, run);
  const output = session.run(run)?.output;
  if (output === undefined) throw new Error(`Run ${run} has no answer: ${session.run(run)?.status}`);
  await until(session, () => session.message(output) !== undefined);
  return output;
}

/** A branch as one reads it. */
export function lines(session: Session): readonly string[] {
  return session.snapshot.messages.map(
    ({ role, parts }) => `${role}: ${parts.map((part) => ('text' in part ? part.text : part.type)).join('')}`,
  );
}

/** Every message of a session that is loaded, with its place in the tree. */
export async function tree(session: Session): Promise<readonly unknown[]> {
  while (await session.loadOlder());
  const all = new Map<MessageId, unknown>();
  for (const { input, output } of session.snapshot.runs)
    for (const id of [input, output]) {
      const message = id === undefined ? undefined : session.message(id);
      if (message !== undefined) all.set(message.id, message);
    }
  return [...all.values()];
}

/** A message as a store gets it, numbered `n`. */
export function entry(n: number, version = n, data: Message['data'] = `text ${n}`): ArchivedMessage {
  const serial = String(n).padStart(8, '0') as Message['serial'];
  return {
    message: {
      serial,
      version: String(version).padStart(8, '0') as Message['version'],
      id: `id ${n}`,
      name: 'note',
      data,
      headers: {},
      timestamp: n,
    },
    annotations: [],
  };
}
