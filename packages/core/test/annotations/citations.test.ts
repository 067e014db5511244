import type { AnnotationDraft } from '@holdfast/channel';
import { isEnded, type MessageId } from '@holdfast/core';
import {
  citationsIn,
  cite,
  citedSites,
  countUsage,
  feedbackOf,
  numberCitations,
  rate,
  react,
  reactionsOf,
  readAnnotations,
  readCitations,
  splitAtMarkers,
  unrate,
  unreact,
  usageOf,
  withSources,
} from '@holdfast/core/annotations';
import { describe, expect, test } from 'vitest';
import { createScene, ended, until } from '../scene.ts';
import { said } from '../text-codec.ts';

const MOON = { url: 'https://en.wikipedia.org/wiki/Moon', title: 'Moon' };
const TIDE = { url: 'https://www.en.wikipedia.org/wiki/Tide' };
const NASA = { url: 'https://nasa.gov/moon' };

describe('an agent cites', () => {
  test('everyone sees how often each site is cited, and can read each citation', async () => {
    const scene = createScene();
    const ada = await scene.device();
    await scene.agent(async (run) => {
      await run.pipe(one('The Moon raises tides.'));
      await run.annotate(
        cite({ ...MOON, range: { start: 0, end: 8 } }),
        cite({ ...NASA, range: { start: 0, end: 8 }, quote: 'the Moon' }),
        cite({ ...TIDE, range: { start: 9, end: 22 } }),
        // As an agent would that takes the run over.
        cite({ ...TIDE, range: { start: 9, end: 22 } }),
      );
    });
    const { run } = ada.send({ parts: said('why tides?') });
    await ended(ada, run);
    const late = await scene.device('ben');
    for (const session of [ada, late]) {
      const answer = session.run(run)?.output ?? ('' as MessageId);
      await until(session, () => citedSites(session.message(answer) ?? {}).length === 2);
      const message = session.message(answer);
      expect(citedSites(message ?? {})).toEqual([
        { site: 'en.wikipedia.org', count: 2 },
        { site: 'nasa.gov', count: 1 },
      ]);
      expect(await readCitations(session, answer)).toEqual([
        { ...MOON, range: { start: 0, end: 8 }, clientId: 'bot' },
        { ...NASA, range: { start: 0, end: 8 }, quote: 'the Moon', clientId: 'bot' },
        { ...TIDE, range: { start: 9, end: 22 }, clientId: 'bot' },
      ]);
    }
  });

  test.each([
    ['a relative URL', { url: '/wiki/Moon' }],
    ['a range that ends before it starts', { ...MOON, range: { start: 3, end: 2 } }],
    ['a range of half characters', { ...MOON, range: { start: 0.5, end: 2 } }],
  ])('%s is refused', (_, citation) => {
    expect(() => cite(citation)).toThrow(expect.objectContaining({ code: 'invalid' }));
  });

  test('what no cite wrote is passed over', async () => {
    const scene = createScene();
    const ada = await scene.device();
    const { message } = ada.send({ parts: said('x') });
    const odd = (id: string, data: unknown): AnnotationDraft =>
      ({ action: 'add', id, type: 'citations:multiple.v1', name: 'x', data }) as AnnotationDraft;
    for (const [n, data] of [null, 'text', { url: 7 }, { url: 'nowhere' }, [MOON.url]].entries())
      await ada.annotate(message, odd(`odd ${n}`, data));
    await ada.annotate(message, odd('good', { url: MOON.url, start: 9, end: 1, title: 4 }));
    expect(await readCitations(ada, message)).toEqual([{ url: MOON.url, clientId: 'ada' }]);
  });
});

describe('markers', () => {
  test('sources are numbered as the text comes to them', () => {
    const { sources, markers } = numberCitations([
      { ...NASA },
      { ...TIDE, range: { start: 9, end: 22 } },
      { ...MOON, range: { start: 0, end: 8 } },
      { url: MOON.url, range: { start: 9, end: 22 } },
    ]);
    expect(sources).toEqual([
      { number: 1, ...MOON },
      { number: 2, ...TIDE },
      { number: 3, ...NASA },
    ]);
    expect(markers).toEqual([
      { at: 8, numbers: [1] },
      { at: 22, numbers: [1, 2] },
    ]);
  });

  test('text is cut at its markers, never inside a character', () => {
    const markers = [
      { at: 1, numbers: [1] },
      { at: 3, numbers: [2] },
      { at: 99, numbers: [3] },
    ];
    expect(splitAtMarkers('😀ab', markers)).toEqual([
      { text: '😀', numbers: [1] },
      { text: 'a', numbers: [2] },
      { text: 'b', numbers: [3] },
    ]);
    expect(splitAtMarkers('plain', [])).toEqual([{ text: 'plain', numbers: [] }]);
  });
});

describe('sources of a message', () => {
  const text = (value: string, citations?: unknown): never =>
    ({ type: 'text', text: value, citations }) as never;

  test('become citations, with the places that the provider stated', () => {
    const parts = [
      text('One. '),
      text('Two.', [
        { source: { ...MOON }, startIndex: 0, endIndex: 3, citedText: 'two' },
        'odd',
        { source: {} },
      ]),
      text('Three.', [{ source: { url: NASA.url } }]),
      { type: 'source', id: 's', ...MOON } as never,
      { type: 'source', id: 't', ...TIDE } as never,
    ];
    expect(citationsIn({ parts })).toEqual([
      { ...MOON, range: { start: 5, end: 8 }, quote: 'two' },
      { ...NASA, range: { start: 9, end: 15 } },
      TIDE,
    ]);
  });

  test('and come back as source parts, each once', () => {
    const parts = [{ type: 'source', id: 's', ...NASA } as const];
    expect(withSources(parts, [MOON, NASA, { ...MOON, range: { start: 0, end: 1 } }])).toEqual([
      ...parts,
      { type: 'source', id: MOON.url, ...MOON },
    ]);
  });
});

describe('people', () => {
  test('give a thumb, change it and take it back; react in several ways', async () => {
    const scene = createScene();
    const [ada, ben] = [await scene.device('ada'), await scene.device('ben')];
    const { message, stored } = ada.send({ parts: said('x') });
    await stored;
    await until(ben, () => ben.message(message) !== undefined);
    await ada.annotate(message, rate('down', 'wrong year'));
    await ada.annotate(message, rate('up'));
    await ben.annotate(message, rate('up'));
    for (const mark of ['🎉', '👀']) await ben.annotate(message, react(mark));
    await ada.annotate(message, react('👀'));
    await until(ada, () => reactionsOf(ada.message(message) ?? {}).length === 2);
    const shown = ada.message(message) ?? {};
    expect(feedbackOf(shown, 'ada')).toEqual({ up: 2, down: 0, own: 'up' });
    expect(feedbackOf(shown)).toEqual({ up: 2, down: 0 });
    expect(reactionsOf(shown, 'ada')).toEqual([
      { reaction: '👀', clientIds: ['ben', 'ada'], own: true },
      { reaction: '🎉', clientIds: ['ben'], own: false },
    ]);
    await ada.annotate(message, unrate('up'));
    await ben.annotate(message, unreact('👀'));
    await ben.annotate(message, unreact('🎉'));
    await until(ada, () => reactionsOf(ada.message(message) ?? {}).length === 1);
    expect(feedbackOf(ada.message(message) ?? {}, 'ada')).toEqual({ up: 1, down: 0 });
    expect((await readAnnotations(ada, message)).map(({ name, clientId }) => [name, clientId])).toEqual([
      ['up', 'ben'],
      ['👀', 'ada'],
    ]);
  });

  test('what is no annotation, or of no message, is refused and the session goes on', async () => {
    const scene = createScene();
    const ada = await scene.device();
    const { message } = ada.send({ parts: said('x') });
    await expect(ada.annotate('nowhere' as MessageId, rate('up'))).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(ada.annotations('nowhere' as MessageId)).rejects.toMatchObject({ code: 'not_found' });
    const unknown = { action: 'add', id: 'a', type: 'likes:most.v1' } as never;
    await expect(ada.annotate(message, unknown)).rejects.toMatchObject({ code: 'invalid' });
    await ada.annotate(message, rate('up'));
    expect(feedbackOf(ada.message(message) ?? {}, 'ada').own).toBe('up');
  });
});

test('what model calls took adds up, each told once', async () => {
  const scene = createScene();
  const ada = await scene.device();
  await scene.agent(async (run) => {
    await run.annotate(
      ...countUsage('step 1', { inputTokens: 100, outputTokens: 7, costMicros: 0 }),
      ...countUsage('step 1', { inputTokens: 100, outputTokens: 7 }),
      ...countUsage('step 2', { inputTokens: 120, outputTokens: 5 }),
    );
  });
  const { run } = ada.send({ parts: said('x') });
  await until(ada, () => isEnded(ada.run(run)?.status ?? 'queued'));
  const output = ada.run(run)?.output ?? ('' as MessageId);
  expect(usageOf(ada.message(output) ?? {})).toEqual({ inputTokens: 220, outputTokens: 12 });
  expect(() => countUsage('x', { inputTokens: 0.5 })).toThrow(expect.objectContaining({ code: 'invalid' }));
});

async function* one(text: string): AsyncGenerator<{ readonly type: 'text'; readonly text: string }> {
  yield { type: 'text', text };
}
