import type { Claims } from '@holdfast/channel';
import { createAgent, openSession, wakeAgents, type Session } from '@holdfast/core';
import type { Realtime } from 'ably';
import { serveAbly } from '@holdfast/ably-emulator';
import { expect, it } from 'vitest';
import { ended } from '../../core/test/scene.ts';
import { said, textCodec, textOf, type TextChunk } from '../../core/test/text-codec.ts';
import { createAblyChannels } from '../src/index.ts';
import { openClient } from './ably-backend.ts';

async function* say(text: string): AsyncGenerator<TextChunk> {
  yield { type: 'text', text };
}

it('P15 two workers over Ably take the runs of any session, which clients announce in the agent’s inbox', async () => {
  const emulator = await serveAbly({});
  const clients: Realtime[] = [];
  const connect = async (clientId: string, claims?: Claims) => {
    const client = await openClient(emulator, {}, clientId, claims);
    clients.push(client);
    return createAblyChannels({ client, messagesPerSecond: 50 });
  };
  const calls: string[] = [];
  const agents = [];
  for (const name of ['worker-1', 'worker-2']) {
    const agent = createAgent({
      channels: await connect(name, { role: 'agent' }),
      name: 'bot',
      codec: textCodec,
      run(run) {
        calls.push(run.id);
        return run.pipe(say('hello'));
      },
    });
    await agent.listen({ idleMs: 50 });
    agents.push(agent);
  }
  const channels = wakeAgents(await connect('ada'), { agents: ['bot'] });
  const sessions: Session[] = [];
  const runs = [];
  for (const name of ['a', 'b', 'c', 'd']) {
    const session = openSession({ channels, name });
    await session.ready;
    sessions.push(session);
    const { run } = session.send({ parts: said('hi') });
    runs.push(run);
    await ended(session, run);
    expect(session.run(run)?.status).toBe('complete');
    expect(textOf(session.snapshot.messages.at(-1)?.parts ?? [])).toBe('hello');
  }
  expect(calls.toSorted()).toEqual(runs.toSorted());

  for (const session of sessions) await session.close();
  for (const agent of agents) await agent.close({ drainMs: 0 });
  for (const client of clients) client.close();
  await emulator.close();
});
