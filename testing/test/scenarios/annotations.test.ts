import type { Annotation, AnnotationDraft, AnnotationSummary, Cursor } from '@holdfast/channel';
import type { MessageId, Session } from '@holdfast/core';
import {
  citedSites,
  cite,
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
} from '@holdfast/core/annotations';
import { expect } from 'vitest';
import { answered, ask, createTap, said, say, soon, until } from './conversation.ts';
import { scenario } from './scenario.ts';

const TEXT = 'The Moon raises tides. The Sun does too.';
const MOON = { url: 'https://wikipedia.org/wiki/Moon', title: 'Moon' };
const TIDE = { url: 'https://www.wikipedia.org/wiki/Tide' };
const NASA = { url: 'https://nasa.gov/sun', title: 'Sun', quote: 'the Sun as well' };

scenario(
  'an agent cites while it answers, and whoever looks sees how often each site is cited',
  async (stage) => {
    const tap = createTap();
    await stage.agent(async (run) => {
      const writing = run.pipe(tap.chunks);
      await run.annotate(
        cite({ ...NASA, range: { start: 23, end: 40 } }),
        cite({ ...MOON, range: { start: 0, end: 22 } }),
        cite({ ...TIDE, range: { start: 0, end: 22 } }),
        // As one does that takes the run over.
        cite({ ...TIDE, range: { start: 0, end: 22 } }),
        cite(MOON),
        ...countUsage('step 1', { inputTokens: 812, outputTokens: 96, costMicros: 310 }),
      );
      await writing;
      await run.annotate(
        ...countUsage('step 1', { inputTokens: 812, outputTokens: 96, costMicros: 310 }),
        ...countUsage('step 2', { inputTokens: 40, outputTokens: 4 }),
      );
    });
    const ada = await stage.session('ada');
    const { run } = ada.send({ parts: said('why tides?') });
    await until(ada, () => ada.run(run)?.output !== undefined);
    const answer = ada.run(run)?.output ?? ('' as MessageId);
    const sites = [
      { site: 'wikipedia.org', count: 3 },
      { site: 'nasa.gov', count: 1 },
    ];
    // The summary is there while the text is being written.
    await until(ada, () => totalOf(ada, answer) === 4);
    expect(citedSites(ada.message(answer) ?? {})).toEqual(sites);
    expect(ada.run(run)?.status).toBe('active');
    tap.say(TEXT);
    tap.end();
    await answered(ada, run);

    const late = await stage.session('ben');
    for (const session of [ada, late]) {
      await until(session, () => usageOf(session.message(answer) ?? {}).inputTokens === 852);
      const message = session.message(answer);
      expect(citedSites(message ?? {})).toEqual(sites);
      expect(usageOf(message ?? {})).toEqual({ inputTokens: 852, outputTokens: 100, costMicros: 310 });
      const citations = await readCitations(session, answer);
      expect(citations).toContainEqual({ ...NASA, range: { start: 23, end: 40 }, clientId: 'bot' });
      const { sources, markers } = numberCitations(citations);
      expect(sources.map(({ url }) => url)).toEqual([MOON.url, TIDE.url, NASA.url]);
      expect(splitAtMarkers(TEXT, markers)).toEqual([
        { text: 'The Moon raises tides.', numbers: [1, 2] },
        { text: ' The Sun does too.', numbers: [3] },
      ]);
    }
  },
);

scenario('five ways to count, live and for who joins later, through a line that breaks', async (stage) => {
  const channels = await stage.connect('ada');
  const ada = await stage.session('ada', { channels });
  const ben = await stage.session('ben');
  const sent = ada.send({ parts: said('annotate this') });
  await sent.stored;
  await until(ben, () => ben.message(sent.message) !== undefined);
  const mark = (session: Session, draft: Mark): Promise<unknown> =>
    session.annotate(sent.message, { id: crypto.randomUUID(), ...draft } as AnnotationDraft);

  for (const session of [ada, ben, ben]) await mark(session, { action: 'add', type: 'views:total.v1' });
  for (const session of [ada, ben]) await mark(session, { action: 'add', type: 'bookmarks:flag.v1' });
  await mark(ada, { action: 'add', type: 'reactions:distinct.v1', name: '👍' });
  await mark(ada, { action: 'add', type: 'reactions:distinct.v1', name: '🎉' });
  await mark(ben, { action: 'add', type: 'reactions:distinct.v1', name: '👍' });
  await mark(ada, { action: 'add', type: 'votes:unique.v1', name: 'tea' });
  await mark(ben, { action: 'add', type: 'votes:unique.v1', name: 'tea' });
  const restore = stage.backend.cut(channels);
  // While ada hears nothing, ben goes on.
  await mark(ben, { action: 'add', type: 'votes:unique.v1', name: 'coffee' });
  await mark(ben, { action: 'add', type: 'cites:multiple.v1', name: 'x.org', count: 3 });
  restore();
  await mark(ben, { action: 'add', type: 'cites:multiple.v1', name: 'y.org' });
  await retry(() => mark(ada, { action: 'add', type: 'cites:multiple.v1', name: 'x.org' }));

  const first = {
    'views:total.v1': { total: 3 },
    'bookmarks:flag.v1': { total: 2, clientIds: ['ada', 'ben'] },
    'reactions:distinct.v1': {
      '👍': { total: 2, clientIds: ['ada', 'ben'] },
      '🎉': { total: 1, clientIds: ['ada'] },
    },
    'votes:unique.v1': {
      tea: { total: 1, clientIds: ['ada'] },
      coffee: { total: 1, clientIds: ['ben'] },
    },
    'cites:multiple.v1': {
      'x.org': { total: 4, clientIds: { ada: 1, ben: 3 }, totalUnidentified: 0 },
      'y.org': { total: 1, clientIds: { ben: 1 }, totalUnidentified: 0 },
    },
  };
  const all = [ada, ben, await stage.session('eve')];
  for (const session of all) await soon(() => expect(typesOf(session, sent.message)).toEqual(first));

  await mark(ben, { action: 'remove', type: 'views:total.v1' });
  await mark(ada, { action: 'remove', type: 'bookmarks:flag.v1' });
  await mark(ada, { action: 'remove', type: 'reactions:distinct.v1', name: '👍' });
  await mark(ben, { action: 'remove', type: 'votes:unique.v1', name: 'coffee' });
  await mark(ben, { action: 'remove', type: 'cites:multiple.v1', name: 'x.org' });
  const rest = {
    'views:total.v1': { total: 2 },
    'bookmarks:flag.v1': { total: 1, clientIds: ['ben'] },
    'reactions:distinct.v1': {
      '👍': { total: 1, clientIds: ['ben'] },
      '🎉': { total: 1, clientIds: ['ada'] },
    },
    'votes:unique.v1': { tea: { total: 1, clientIds: ['ada'] } },
    'cites:multiple.v1': {
      'x.org': { total: 1, clientIds: { ada: 1 }, totalUnidentified: 0 },
      'y.org': { total: 1, clientIds: { ben: 1 }, totalUnidentified: 0 },
    },
  };
  all.push(await stage.session('joe'));
  for (const session of all) await soon(() => expect(typesOf(session, sent.message)).toEqual(rest));

  const paged = await pages(ada, sent.message, 4);
  expect(paged.map(({ length }) => length)).toEqual([4, 4, 4, 4, 3]);
  expect(paged.flat().map(({ action }) => action)).toEqual([
    ...Array.from({ length: 14 }, () => 'add'),
    ...Array.from({ length: 5 }, () => 'remove'),
  ]);
  expect(await readAnnotations(ada, sent.message, 'cites:multiple.v1')).toMatchObject([
    { name: 'y.org', clientId: 'ben' },
    { name: 'x.org', clientId: 'ada' },
  ]);
});

scenario('people rate and react, and take it back', async (stage) => {
  await stage.agent((run) => run.pipe(say('Yes.')));
  const [ada, ben] = [await stage.session('ada'), await stage.session('ben')];
  const { answer, run } = await ask(ada, 'is it so?');
  await answered(ben, run);
  await ada.annotate(answer, rate('down', 'The year is wrong'));
  await ada.annotate(answer, rate('up'));
  await ben.annotate(answer, rate('up'));
  for (const each of ['🎉', '👀']) await ben.annotate(answer, react(each));
  await ada.annotate(answer, react('🎉'));
  for (const session of [ada, ben])
    await soon(() => {
      const message = session.message(answer) ?? {};
      expect(feedbackOf(message, 'ada')).toEqual({ up: 2, down: 0, own: 'up' });
      expect(reactionsOf(message, 'ada')).toEqual([
        { reaction: '🎉', clientIds: ['ben', 'ada'], own: true },
        { reaction: '👀', clientIds: ['ben'], own: false },
      ]);
    });
  await ada.annotate(answer, unrate('up'));
  await ben.annotate(answer, unreact('🎉'));
  for (const session of [ada, ben])
    await soon(() => {
      const message = session.message(answer) ?? {};
      expect(feedbackOf(message, 'ada')).toEqual({ up: 1, down: 0 });
      expect(reactionsOf(message).map(({ clientIds }) => clientIds)).toEqual([['ada'], ['ben']]);
    });
});

type Mark = Omit<AnnotationDraft, 'id'> & { readonly name?: string; readonly count?: number };

function typesOf(session: Session, message: MessageId): AnnotationSummary['types'] | undefined {
  return session.message(message)?.annotations?.types;
}

function totalOf(session: Session, message: MessageId): number {
  return citedSites(session.message(message) ?? {}).reduce((sum, { count }) => sum + count, 0);
}

async function pages(
  session: Session,
  message: MessageId,
  limit: number,
): Promise<readonly (readonly Annotation[])[]> {
  const all: (readonly Annotation[])[] = [];
  for (let cursor: Cursor | undefined, isMore = true; isMore;) {
    const page = await session.annotations(message, { limit, ...(cursor !== undefined && { cursor }) });
    all.push(page.annotations);
    cursor = page.next;
    isMore = cursor !== undefined;
  }
  return all;
}

/** An annotation goes out at once or not at all: who is offline tries again. */
async function retry(work: () => Promise<unknown>): Promise<void> {
  await soon(work);
}
