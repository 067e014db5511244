import type { MessageId } from '@holdfast/core';
import { citedSites, readCitations } from '@holdfast/core/annotations';
import { streamText } from 'ai';
import { expect, test } from 'vitest';
import { createModel } from './model.ts';
import { createScene, settled, soon } from './scene.ts';

const MOON = {
  sourceType: 'url',
  id: 's1',
  url: 'https://en.wikipedia.org/wiki/Moon',
  title: 'Moon',
} as const;
const NASA = { sourceType: 'url', id: 's2', url: 'https://nasa.gov/moon' } as const;

test('an agent that cites its sources has them counted beside the answer, and its text untouched', async () => {
  const scene = createScene();
  const model = createModel([
    { type: 'source', ...MOON },
    { type: 'source', ...NASA },
    { type: 'text-start', id: 't' },
    { type: 'text-delta', id: 't', delta: 'The Moon raises tides.' },
    {
      type: 'text-end',
      id: 't',
      citations: [{ source: { type: 'source', ...MOON }, startIndex: 4, endIndex: 8 }],
    },
  ]);
  await scene.agent({
    citeSources: true,
    stream: async (run) => streamText({ model, messages: await run.prompt(), abortSignal: run.signal }),
  });
  const [laptop, phone] = [await scene.tab(), await scene.tab()];
  await laptop.chat.sendMessage({ text: 'Why are there tides?' });
  await settled(laptop, phone);
  const [run] = phone.session.snapshot.runs;
  const output = run?.output ?? ('' as MessageId);
  await soon(() => {
    expect(citedSites(phone.session.message(output) ?? {})).toEqual([
      { site: 'en.wikipedia.org', count: 1 },
      { site: 'nasa.gov', count: 1 },
    ]);
  });
  expect(await readCitations(phone.session, output)).toEqual([
    { url: MOON.url, title: 'Moon', range: { start: 4, end: 8 }, clientId: 'bot' },
    { url: NASA.url, clientId: 'bot' },
  ]);
  const text = laptop.chat.messages.at(-1)?.parts.find(({ type }) => type === 'text');
  expect(text).toMatchObject({ text: 'The Moon raises tides.' });
});
