import type { MessageId } from '@holdfast/core';
import { citedSites, readCitations } from '@holdfast/core/annotations';
import { soon } from '@holdfast/testing/agent-scene';
import { openProvider } from '@holdfast/testing/model-provider';
import { functionCall, message, response, text } from '@holdfast/testing/responses-stream';
import { expect, test } from 'vitest';
import { openScene } from './scene.ts';

const cites = (url: string, start_index: number, end_index: number, title = 'A') => ({
  type: 'url_citation',
  start_index,
  end_index,
  url,
  title,
});
const FILE = { type: 'file_citation', file_id: 'file_1', filename: 'notes.txt', index: 3 };

const answer = [
  response([text('I look. '), functionCall('look', '{}')]),
  response([
    message({
      deltas: ['Two ', 'airports.'],
      annotations: [cites('https://example.org/a', 4, 12), FILE, cites('no page', 0, 3)],
    }),
    message({
      deltas: [' One is closed.'],
      annotations: [cites('https://www.example.org/b', 5, 99, ''), cites('https://nasa.gov/', 1, 4)],
    }),
  ]),
];
const tools = { look: { run: () => 'done' } };

test('pages that the provider cites are annotations of the answer, each at its place in the text', async () => {
  const scene = await openScene(await openProvider(...answer), { tools, citeSources: true });
  const run = scene.ask('How many?');
  expect(await scene.settled(run)).toBe('complete');
  const { session } = scene;
  const output = session.run(run)?.output ?? ('' as MessageId);
  const words = scene.parts(run).flatMap((part) => (part.type === 'text' ? [part.text] : []));
  await soon(() =>
    expect(citedSites(session.message(output) ?? {})).toEqual([
      { site: 'example.org', count: 2 },
      { site: 'nasa.gov', count: 1 },
    ]),
  );
  const found = await readCitations(session, output);
  const said = ({ start, end } = { start: 0, end: 0 }): string => words.join('').slice(start, end);
  expect(found.map(({ url, title, range }) => [url, title, said(range)])).toEqual([
    ['https://example.org/a', 'A', 'airports'],
    // Where it can't stand, it stands for all of its text.
    ['https://www.example.org/b', undefined, ' One is closed.'],
    ['https://nasa.gov/', 'A', 'One'],
  ]);
  expect(words).toEqual(['I look. ', 'Two airports.', ' One is closed.']);
});

test('nothing is cited unless that is asked for', async () => {
  const scene = await openScene(await openProvider(...answer), { tools });
  const run = scene.ask('How many?');
  expect(await scene.settled(run)).toBe('complete');
  const output = scene.session.run(run)?.output ?? ('' as MessageId);
  expect(await readCitations(scene.session, output)).toEqual([]);
});
