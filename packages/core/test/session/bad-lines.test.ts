import { withFaults } from '@holdfast/conformance/faults';
import { createMemoryChannels, createMemoryEngine } from '@holdfast/channel/memory';
import { createAgent, openSession, readRun, type Session } from '@holdfast/core';
import { expect, test } from 'vitest';
import { createTap, ended } from '../scene.ts';
import { said, shown, textCodec, textOf, type TextChunk } from '../text-codec.ts';

const FAULTS = { delay: 0.2, duplicate: 0.15, conflate: 0.15, drop: 0.05, cut: 0.05, lose: 0.1 };
const WORDS = 150;
const ROUNDS = 30;

/** One conversation on lines as bad as the seed makes them; what goes wrong is returned. */
async function talk(seed: number): Promise<string[]> {
  const engine = createMemoryEngine();
  const wrong: string[] = [];
  const lines = Array.from({ length: 4 }, (_, n) => {
    const who = n === 3 ? { clientId: 'bot', claims: { role: 'agent' } } : { clientId: 'ada' };
    return withFaults(createMemoryChannels({ engine, ...who }), { seed: seed * 10 + n, ...FAULTS });
  });
  const [laptopLine, phoneLine, tabletLine, agentLine] = lines;
  if (!laptopLine || !phoneLine || !tabletLine || !agentLine) throw new Error('four lines');
  const tap = createTap();
  const agent = createAgent({
    channels: agentLine,
    name: 'bot',
    codec: textCodec,
    run: (run) => run.pipe(tap.chunks),
    onError: (error) => wrong.push(`the agent failed: ${String(error)}`),
  });
  const attending = agent.attend('talk');
  const whole = Array.from({ length: WORDS }, (_, n) => `word${n} `).join('');
  const sessions: Session[] = [];
  const open = async (channels: typeof laptopLine, name: string): Promise<Session> => {
    const session = openSession({ channels, name: 'talk' });
    sessions.push(session);
    await session.ready;
    let longest = 0;
    session.subscribe(() => {
      const answer = session.snapshot.messages.find(({ role }) => role === 'assistant');
      const text = textOf(answer?.parts ?? []);
      if (!whole.startsWith(text) || text.length < longest) wrong.push(`${name} shows “${text}”`);
      longest = Math.max(longest, text.length);
    });
    return session;
  };
  await attending;
  const laptop = await open(laptopLine, 'laptop');
  const phone = await open(phoneLine, 'phone');
  const { run } = laptop.send({ parts: said('all of it') });

  const chunks: TextChunk[] = [];
  const reading = (async () => {
    for await (const chunk of readRun(laptop, run, { codec: textCodec })) chunks.push(chunk);
  })();
  for (let n = 0; n < WORDS; n += 1) {
    tap.say(`word${n} `);
    await new Promise(setImmediate);
    if (n === 50) {
      const heal = phoneLine.cut();
      setTimeout(heal, 5);
    }
    if (n === 80) {
      const heal = agentLine.cut();
      setTimeout(heal, 5);
    }
  }
  const tablet = await open(tabletLine, 'tablet');
  tap.end();
  await Promise.all([reading, ended(laptop, run), ended(phone, run), ended(tablet, run)]);
  if (shown(chunks) !== whole) wrong.push(`the reader got “${shown(chunks)}”`);
  for (const session of sessions) {
    const texts = session.snapshot.messages.map(({ parts }) => textOf(parts));
    if (JSON.stringify(texts) !== JSON.stringify(['all of it', whole]))
      wrong.push(`at the end: ${texts.join(' | ')}`);
    await session.close();
  }
  await agent.close();
  for (const line of lines) await line.close();
  return wrong;
}

test(`I3 I14 on bad lines every device shows the answer, whole and once (${ROUNDS} seeds)`, async () => {
  for (let seed = 1; seed <= ROUNDS; seed += 1) expect(await talk(seed), `seed ${seed}`).toEqual([]);
}, 120_000);
