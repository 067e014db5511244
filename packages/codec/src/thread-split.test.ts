import fc from 'fast-check';
import { expect, test } from 'vitest';
import { roughText } from '../test/arbitrary.ts';
import { createContentFold } from './content-fold.ts';
import { control } from './control.ts';
import { createLogWriter } from './log-writer.ts';
import type { Content, Part } from './part.ts';
import { createThreadSplit, type ThreadSplit } from './thread-split.ts';

function contentOf(log: string): Content {
  const fold = createContentFold();
  fold.push(log);
  return fold.content;
}

/** Messages beside a log, and splits that write into them: a new message for each part, in each process. */
function createThreads() {
  const messages = new Map<string, string>();
  const open = (past: string): ThreadSplit => {
    const own = new Map<number, string>();
    const split = createThreadSplit(past, {
      text(n, text) {
        const id = own.get(n) ?? `m${messages.size}`;
        if (!own.has(n)) announced += split.announce(n, id);
        own.set(n, id);
        messages.set(id, (messages.get(id) ?? '') + text);
      },
      close: (n) => messages.get(own.get(n) ?? '')?.length ?? 0,
    });
    let announced = '';
    return {
      ...split,
      push(frames) {
        const rest = split.push(frames);
        const said = announced + rest;
        announced = '';
        return said;
      },
    };
  };
  const join = ({ parts, ...head }: Content): Content => ({
    ...head,
    parts: parts.map((part): Part => {
      if (part.type !== 'reasoning') return part;
      const { thread = [], length, ...own } = part;
      const text = thread.map((id) => messages.get(id)).join('') + part.text;
      if (length !== undefined) expect(text).toHaveLength(length);
      return { ...own, text };
    }),
  });
  return { messages, open, join };
}

const act = fc.oneof(
  fc.record({ is: fc.constant('open' as const), kind: fc.constantFrom('text', 'reasoning', 'input') }),
  fc.record({ is: fc.constant('text' as const), n: fc.nat(4), text: roughText }),
  fc.record({ is: fc.constant('close' as const), n: fc.nat(4) }),
  fc.record({ is: fc.constant('on' as const), n: fc.nat(4) }),
  fc.record({
    is: fc.constant('control' as const),
    control: fc.constantFrom(
      ['step', 'start'] as const,
      ['step', 'reset'] as const,
      ['put', 'source', { id: 's', url: 'u' }] as const,
      ['later', 'x'] as const,
    ),
  }),
);

test('a log without its reasoning, and that beside it, say what the log said; whichever processes wrote it', () => {
  const program = fc.array(fc.record({ act, isOther: fc.integer({ min: 0, max: 9 }) }), { maxLength: 30 });
  fc.assert(
    fc.property(program, (steps) => {
      const threads = createThreads();
      const whole = createLogWriter();
      let writer = createLogWriter();
      let split = threads.open('');
      let log = '';
      for (const { act: each, isOther } of steps) {
        for (const to of [whole, writer]) {
          if (each.is === 'open') to.open(each.kind, { id: `p${to.opens}`, name: 'tool' });
          else if (each.is === 'control') to.control(each.control);
          else if (each.n >= to.opens) continue;
          else if (each.is === 'text') to.text(each.n, each.text);
          else to.control([each.is, each.n, { pm: { a: each.n } }]);
          to.flush();
        }
        log += split.push(writer.take());
        if (isOther > 0) continue;
        writer = createLogWriter(log);
        split = threads.open(log);
      }
      expect(threads.join(contentOf(log))).toEqual(contentOf(whole.take()));
    }),
    { numRuns: 1500 },
  );
});

test('what goes beside the log is not in it, and a part says how long it was', () => {
  const threads = createThreads();
  const split = threads.open('');
  const writer = createLogWriter();
  const thought = writer.open('reasoning', { id: 'r', pm: { a: 1 } });
  writer.text(thought, 'a secret plan');
  const text = writer.open('text');
  writer.text(text, 'Hello');
  writer.text(thought, ' of mine');
  writer.control(['close', thought, { pm: { signature: 'x' } }]);
  const log = split.push(writer.take());
  expect(log).not.toContain('plan');
  expect(log).toContain(control(['close', 0, { pm: { signature: 'x' }, length: 21 }]));
  expect([...threads.messages.values()]).toEqual(['a secret plan of mine']);
  expect(contentOf(log).parts).toEqual([
    {
      type: 'reasoning',
      id: 'r',
      n: 0,
      pm: { signature: 'x' },
      text: '',
      state: 'done',
      thread: ['m0'],
      length: 21,
    },
    { type: 'text', n: 1, text: 'Hello', state: 'streaming' },
  ]);
});

test('reasoning without a word has no thread', () => {
  const split = createThreads().open('');
  const log = split.push(control(['open', 'reasoning']) + control(['close', 0, { pm: { a: 1 } }]));
  expect(contentOf(log).parts).toEqual([{ type: 'reasoning', n: 0, text: '', state: 'done', pm: { a: 1 } }]);
});

test('what can’t be written beside the log is in it after all: open or closed, in pieces that fit', () => {
  for (const isClosed of [false, true]) {
    const split = createThreadSplit('', { text() {}, close: () => 7 });
    let log = split.push(`${control(['open', 'reasoning'])}lo\u{1F600}nger`);
    log += split.announce(0, 'm0');
    if (isClosed) log += split.push(control(['close', 0]));
    const said = split.inline(0, 'lo\u{1F600}nger', 3);
    expect(said.split('\n').every((frame) => frame.length < 60)).toBe(true);
    log += said;
    if (!isClosed) log += split.push(' thought');
    const text = isClosed ? 'lo\u{1F600}nger' : 'lo\u{1F600}nger thought';
    const state = isClosed ? 'done' : 'streaming';
    expect(contentOf(log).parts).toEqual([{ type: 'reasoning', n: 0, text, state }]);
  }
});
