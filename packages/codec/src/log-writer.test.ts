import fc from 'fast-check';
import { expect, test } from 'vitest';
import { roughText } from '../test/arbitrary.ts';
import { control, type Control } from './control.ts';
import { createLogReader, NO_PART } from './log-reader.ts';
import { createLogWriter } from './log-writer.ts';

type Step =
  | { readonly do: 'open' | 'plain' | 'take' | 'hand over' }
  | { readonly do: 'text'; readonly part: number; readonly text: string }
  | { readonly do: 'value'; readonly slot: string; readonly value: number }
  | { readonly do: 'grow'; readonly slot: string };

const SLOTS = ['s', 't'] as const;
const slot = fc.constantFrom(...SLOTS);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.constant({ do: 'open' } as const) },
  { weight: 1, arbitrary: fc.constant({ do: 'plain' } as const) },
  { weight: 2, arbitrary: fc.constant({ do: 'take' } as const) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('text' as const), part: fc.nat(5), text: roughText }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('value' as const), slot, value: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('grow' as const), slot }) },
);

/**
 * What a log means: the text of each part and the state of each slot, seen at every control that is no slot's value. A
 * slot's state is its last value and what each part has grown it by since.
 */
function createMeaning() {
  const parts: string[] = [];
  const grows = new Map<number, string>();
  const slots: Record<string, { is?: number; grown: Record<number, string> }> = {};
  const seen: string[] = [];
  const look = (at: string): void => {
    seen.push(`${at} ${JSON.stringify([parts, slots])}`);
  };
  return {
    open(growing: string | undefined) {
      if (growing !== undefined) grows.set(parts.length, growing);
      parts.push('');
      look('open');
    },
    text(n: number, text: string) {
      parts[n] = (parts[n] ?? 'text for a part that is not there') + text;
      const name = grows.get(n);
      if (name === undefined || text === '') return;
      const { grown } = (slots[name] ??= { grown: {} });
      grown[n] = (grown[n] ?? '') + text;
    },
    value(name: string, value: number) {
      slots[name] = { is: value, grown: {} };
    },
    plain: () => look('plain'),
    get seen() {
      return [...seen, JSON.stringify([parts, slots])];
    },
  };
}

function meaningOf(log: string): readonly string[] {
  const meaning = createMeaning();
  const reader = createLogReader({
    text: (n, text) => meaning.text(n, text),
    control([verb, subject, fields], n) {
      if (n !== NO_PART) meaning.open(fields?.['of'] as string | undefined);
      else if (verb === 'value') meaning.value(String(subject), Number(fields?.['is']));
      else meaning.plain();
    },
  });
  reader.push(log);
  return meaning.seen;
}

const value = (name: string, is: number): Control => ['value', name, { is }];

function run(steps: readonly Step[]): { log: string; pieces: readonly string[]; meant: readonly string[] } {
  let writer = createLogWriter();
  const meaning = createMeaning();
  const pieces: string[] = [];
  for (const each of steps) {
    switch (each.do) {
      case 'open':
        writer.open('text');
        meaning.open(undefined);
        break;
      case 'grow':
        writer.open('value', { of: each.slot }, each.slot);
        meaning.open(each.slot);
        break;
      case 'plain':
        writer.control(['plain', 0]);
        meaning.plain();
        break;
      case 'value':
        writer.control(value(each.slot, each.value), each.slot);
        meaning.value(each.slot, each.value);
        break;
      case 'text':
        if (writer.opens === 0) break;
        writer.text(each.part % writer.opens, each.text);
        meaning.text(each.part % writer.opens, each.text);
        break;
      case 'take':
        pieces.push(writer.take());
        break;
      case 'hand over':
        writer.flush();
        pieces.push(writer.take());
        writer = createLogWriter(pieces.join(''));
        break;
    }
  }
  writer.flush();
  pieces.push(writer.take());
  return { log: pieces.join(''), pieces, meant: meaning.seen };
}

test('I11 what is written is read back, wherever the log was taken', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const { log, meant } = run(steps);
      expect(meaningOf(log)).toEqual(meant);
      const untaken = run(steps.filter((each) => each.do !== 'take'));
      expect(meaningOf(untaken.log)).toEqual(meant);
    }),
    { numRuns: 3000 },
  );
});

test('I11 another writer goes on with the log', () => {
  const plain = step.filter((each) => each.do !== 'value' && each.do !== 'grow');
  const handing = fc.oneof({ weight: 8, arbitrary: plain }, fc.constant({ do: 'hand over' } as const));
  fc.assert(
    fc.property(fc.array(handing, { maxLength: 40 }), (steps) => {
      const { log, meant } = run(steps);
      expect(meaningOf(log)).toEqual(meant);
    }),
    { numRuns: 1000 },
  );
});

test('I10 every piece taken is well-formed text that ends outside of a control', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      for (const piece of run(steps).pieces) {
        expect(piece).toBe(Buffer.from(piece, 'utf8').toString('utf8'));
        expect(
          piece
            .split('\u001e')
            .slice(1)
            .every((each) => each.includes('\n')),
        ).toBe(true);
      }
    }),
    { numRuns: 1000 },
  );
});

test('I10 a delta to the selected part costs no framing, a switch one number', () => {
  const writer = createLogWriter();
  const a = writer.open('text');
  const b = writer.open('text');
  writer.text(b, 'one');
  expect(writer.take()).toBe(control(['open', 'text']) + control(['open', 'text']) + 'one');
  writer.text(b, ' two');
  expect(writer.take()).toBe(' two');
  writer.text(a, 'three');
  writer.text(b, 'four');
  writer.text(a, 'five');
  expect(writer.take()).toBe(`${control(a)}threefive${control(b)}four`);
});

test('I11 texts do not merge across a control', () => {
  const writer = createLogWriter();
  const n = writer.open('text');
  writer.text(n, 'one');
  writer.control(['plain', 0]);
  writer.text(n, 'two');
  expect(writer.take()).toBe(`${control(['open', 'text'])}one${control(['plain', 0])}two`);
});

test('I10 of several values that wait for one slot only the last is written', () => {
  const writer = createLogWriter();
  for (let is = 0; is < 100; is += 1) {
    writer.control(value('s', is), 's');
    writer.control(value('t', is), 't');
  }
  expect(writer.take()).toBe(control(value('s', 99)) + control(value('t', 99)));
});

test('I11 a value never yields to a later one across a control or text of its own part', () => {
  const writer = createLogWriter();
  writer.control(value('s', 1), 's');
  writer.control(['plain', 0]);
  writer.control(value('s', 2), 's');
  const n = writer.open('value', { of: 's' }, 's');
  writer.control(value('s', 3), 's');
  writer.text(n, 'grown');
  writer.control(value('s', 4), 's');
  const values = writer.take().match(/"is":\d/g);
  expect(values).toEqual(['"is":1', '"is":2', '"is":3', '"is":4']);
});

test('a high surrogate waits for its pair, through any number of takes, or for the next control', () => {
  const writer = createLogWriter();
  const n = writer.open('text');
  writer.take();
  writer.text(n, 'a\ud83d');
  expect(writer.take()).toBe('a');
  expect(writer.take()).toBe('');
  writer.text(n, '\ude00b\ud83d');
  expect(writer.take()).toBe('😀b');
  writer.control(['close', n]);
  expect(writer.take()).toBe(control('\ud83d') + control(['close', n]));
  writer.text(n, '\ud83d');
  writer.flush();
  expect(writer.take()).toBe(control(n) + control('\ud83d'));
});
