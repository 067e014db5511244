import type { MessageId } from '@holdfast/core';
import { citedSites, readCitations } from '@holdfast/core/annotations';
import { soon } from '@holdfast/testing/agent-scene';
import { cited, message, text } from '@holdfast/testing/messages-stream';
import { openProvider } from '@holdfast/testing/model-provider';
import { expect, test } from 'vitest';
import { openScene } from './scene.ts';

const onPage = (url: string, cited_text: string) => ({
  type: 'web_search_result_location',
  cited_text,
  encrypted_index: 'Eo8BCioIAhgB',
  title: 'A',
  url,
});
const IN_DOCUMENT = {
  type: 'char_location',
  cited_text: 'two airports',
  document_index: 0,
  document_title: 'Notes',
  start_char_index: 0,
  end_char_index: 12,
  file_id: null,
};

test('pages that the provider cites are annotations of the answer, each for its block of text', async () => {
  const stream = message([
    text('As one reads, '),
    cited(['two ', 'airports'], [onPage('https://example.org/a', 'Lisbon has two airports.'), IN_DOCUMENT]),
    text(', and '),
    cited(['one is closed.'], [onPage('https://nasa.gov/b', 'One closed.'), onPage('no page', '')]),
  ]);
  const scene = await openScene(await openProvider(stream), { citeSources: true });
  const run = scene.ask('How many?');
  expect(await scene.settled(run)).toBe('complete');
  const { session } = scene;
  const output = session.run(run)?.output ?? ('' as MessageId);
  await soon(() =>
    expect(citedSites(session.message(output) ?? {})).toEqual([
      { site: 'example.org', count: 1 },
      { site: 'nasa.gov', count: 1 },
    ]),
  );
  expect(scene.shown(run).join('')).toBe('As one reads, two airports, and one is closed.');
  const place = (words: string) => {
    const start = scene.shown(run).join('').indexOf(words);
    return { start, end: start + words.length };
  };
  expect(await readCitations(session, output)).toEqual([
    {
      url: 'https://example.org/a',
      title: 'A',
      range: place('two airports'),
      quote: 'Lisbon has two airports.',
      clientId: 'bot',
    },
    {
      url: 'https://nasa.gov/b',
      title: 'A',
      range: place('one is closed.'),
      quote: 'One closed.',
      clientId: 'bot',
    },
  ]);
});
