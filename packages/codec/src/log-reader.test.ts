import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyLog, cuts, split } from '../test/arbitrary.ts';
import { control } from './control.ts';
import { createLogReader, NO_PART } from './log-reader.ts';

type Event =
  | { readonly n: number; readonly text: string; readonly at: number }
  | { readonly control: unknown; readonly n: number; readonly at: number };

/** What a reader finds, with text that follows text of the same part joined to it. */
function read(pieces: readonly string[]): { events: readonly Event[]; length: number; selected: number } {
  const events: Event[] = [];
  const reader = createLogReader({
    text(n, text, at) {
      expect(text).not.toBe('');
      const last = events.at(-1);
      if (last !== undefined && 'text' in last && last.n === n)
        events[events.length - 1] = { ...last, text: last.text + text };
      else events.push({ n, text, at });
    },
    control: (found, n, at) => events.push({ control: found, n, at }),
  });
  for (const piece of pieces) reader.push(piece);
  return { events, length: reader.length, selected: reader.selected };
}

test('I11 a reader finds the same for every split, whatever the log holds', () => {
  fc.assert(
    fc.property(anyLog, cuts, (log, at) => {
      expect(read(split(log, at))).toEqual(read([log]));
    }),
    { numRuns: 2000 },
  );
});

test('I11 one code unit at a time is one of those splits', () => {
  fc.assert(
    fc.property(anyLog, (log) => {
      expect(read(log.split(''))).toEqual(read([log]));
    }),
    { numRuns: 1000 },
  );
});

test('I13 no log makes a reader throw, and every length is counted', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), cuts, (log, at) => {
      expect(read(split(log, at)).length).toBe(log.length);
    }),
    { numRuns: 1000 },
  );
});

test('an open selects its part, closing the selected part and a reset deselect', () => {
  const { events } = read([
    control(['open', 'text', { id: 'a' }]) +
      'one' +
      control(['open', 'text']) +
      'two' +
      control(['close', 0]),
    'three' + control(0) + 'four' + control(['close', 0]) + 'none' + control(1) + 'five',
    control(['step', 'reset']) + 'none',
  ]);
  const texts = events.flatMap((event) => ('text' in event ? [[event.n, event.text]] : []));
  expect(texts).toEqual([
    [0, 'one'],
    [1, 'two'],
    [1, 'three'],
    [0, 'four'],
    [NO_PART, 'none'],
    [1, 'five'],
    [NO_PART, 'none'],
  ]);
});

test('a number that names no part selects none', () => {
  for (const number of [1, -1, 0.5]) {
    const { selected } = read([control(['open', 'text']) + control(number)]);
    expect(selected).toBe(NO_PART);
  }
});

test('I13 a control that was cut off is given up, the next one is read', () => {
  const { events } = read(['\u001e["open","te', control(['open', 'text']) + 'hello']);
  expect(events).toEqual([
    { control: ['broken', '["open","te'], n: NO_PART, at: 29 },
    { control: ['open', 'text'], n: 0, at: 29 },
    { n: 0, text: 'hello', at: 29 },
  ]);
});

test('I13 what is no control is handed on as broken', () => {
  for (const json of ['', '{}', 'null', 'true', '[]', '[1,2]', '{"a":', '[["open"]]']) {
    const { events } = read([`\u001e${json}\n`]);
    expect(events).toEqual([{ control: ['broken', json], n: NO_PART, at: json.length + 2 }]);
  }
});

test('a pushed piece costs no more than itself', () => {
  // A quadratic reader would need minutes for these two million code units in pieces of four.
  const long = control(['put', 'file', { url: 'x'.repeat(1_000_000) }]) + 'y'.repeat(1_000_000);
  let seen = 0;
  const reader = createLogReader({
    text: (_n, text) => (seen += text.length),
    control: (found) => (seen += JSON.stringify(found).length),
  });
  for (let at = 0; at < long.length; at += 4) reader.push(long.slice(at, at + 4));
  expect(seen).toBeGreaterThan(2_000_000);
});
