import type { Claims } from '@holdfast/channel';
import { createAgent, openSession, type Session } from '@holdfast/core';
import type { Realtime } from 'ably';
import { serveAbly } from '@holdfast/ably-emulator';
import { expect, it } from 'vitest';
import { createTap, ended } from '../../core/test/scene.ts';
import { said, textCodec, textOf } from '../../core/test/text-codec.ts';
import { createAblyChannels } from '../src/index.ts';
import { openClient } from './ably-backend.ts';

const WORDS = Array.from({ length: 300 }, (_, index) => `word${index} `);

it('a session over Ably: an answer streams to two devices while every socket is killed', async () => {
  const emulator = await serveAbly({ appendRollupWindowMs: 40 });
  const clients: Realtime[] = [];
  const connect = async (clientId: string, claims?: Claims) => {
    const client = await openClient(emulator, {}, clientId, claims);
    clients.push(client);
    return createAblyChannels({ client, messagesPerSecond: 50 });
  };
  const tap = createTap();
  const agent = createAgent({
    channels: await connect('bot', { role: 'agent' }),
    name: 'bot',
    codec: textCodec,
    run: (run) => run.pipe(tap.chunks),
  });
  await agent.attend('talk');
  const whole = WORDS.join('');
  const wrong: string[] = [];
  const open = async (clientId: string): Promise<Session> => {
    const session = openSession({ channels: await connect(clientId), name: 'talk' });
    await session.ready;
    session.subscribe(() => {
      const text = answerOf(session);
      if (!whole.startsWith(text)) wrong.push(text);
    });
    return session;
  };
  const laptop = await open('ada');
  const phone = await open('ada');

  const { run } = laptop.send({ parts: said('all of it') });
  for (const [index, word] of WORDS.entries()) {
    tap.say(word);
    await new Promise(setImmediate);
    if (index % 100 === 50) emulator.faults.cut();
  }
  tap.end();
  await Promise.all([ended(laptop, run), ended(phone, run)]);
  expect([laptop.run(run)?.status, phone.run(run)?.status]).toEqual(['complete', 'complete']);
  expect([answerOf(laptop), answerOf(phone), wrong]).toEqual([whole, whole, []]);

  for (const session of [laptop, phone]) await session.close();
  await agent.close({ drainMs: 0 });
  for (const client of clients) client.close();
  await emulator.close();
});

function answerOf({ snapshot }: Session): string {
  return textOf(snapshot.messages.find(({ role }) => role === 'assistant')?.parts ?? []);
}
