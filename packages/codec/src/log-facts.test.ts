import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyLog, cuts, split } from '../test/arbitrary.ts';
import { control } from './control.ts';
import type { Fact } from './fact.ts';
import { createLogFacts } from './log-facts.ts';
import { createRulingFacts } from './ruling-facts.ts';
import { standingLength } from './standing.ts';

function factsOf(...frames: readonly Parameters<typeof control>[0][]): readonly object[] {
  return createLogFacts(frames.map(control).join('')).facts.map(({ at: _at, ...fact }) => fact);
}

test('I11 the facts of a log do not depend on how it was cut', () => {
  fc.assert(
    fc.property(anyLog, cuts, (log, at) => {
      const grown = createLogFacts();
      let brought: readonly Fact[] = [];
      for (const piece of split(log, at)) {
        const isNew = grown.push(piece);
        expect(isNew).toBe(grown.facts.length > brought.length);
        brought = [...grown.facts];
      }
      expect(brought).toEqual(createLogFacts(log).facts);
      expect(grown.length).toBe(log.length);
    }),
    { numRuns: 1500 },
  );
});

test('P9 the facts that stand are those of what stands', () => {
  fc.assert(
    fc.property(anyLog, fc.nat(400), (log, length) => {
      const standing = standingLength(log, length % (log.length + 1)) ?? 0;
      const all = createLogFacts(log).facts;
      expect(createLogFacts(log.slice(0, standing)).facts).toEqual(all.filter((fact) => fact.at <= standing));
    }),
    { numRuns: 1500 },
  );
});

test('the ruling facts of a log are some of its facts', () => {
  fc.assert(
    fc.property(anyLog, (log) => {
      const ruling = createLogFacts(log).facts.filter(({ kind }) =>
        ['continue', 'end', 'steering'].includes(kind),
      );
      expect(createRulingFacts(log).facts).toEqual(ruling);
    }),
    { numRuns: 1000 },
  );
});

test('P14 opening controls are no progress; the first text or other control is', () => {
  const opening = [
    ['message', 'm1'],
    ['continue', 's', { length: 3 }],
    ['end', 'suspended'],
  ] as const;
  const kinds = ['message', 'continue', 'end'];
  expect(factsOf(...opening).map((fact) => 'kind' in fact && fact.kind)).toEqual(kinds);
  const head = opening.map(control).join('');
  for (const [more, at] of [
    ['x and more', 1],
    [control(['step', 'start']), control(['step', 'start']).length],
    [control('x'), control('x').length],
  ] as const) {
    const facts = createLogFacts(head + more + more).facts;
    expect(facts.filter((fact) => fact.kind === 'progress')).toEqual([
      { kind: 'progress', at: head.length + at },
    ]);
  }
});

test('each verb that a session rules by gives its fact', () => {
  const progress = { kind: 'progress' };
  expect(factsOf(['message', 'm1', { role: 'assistant' }])).toEqual([{ kind: 'message', id: 'm1' }]);
  expect(factsOf(['continue', 's1', { length: 7 }])).toEqual([{ kind: 'continue', serial: 's1', length: 7 }]);
  expect(factsOf(['end', 'error', { reason: 'r' }])).toEqual([{ kind: 'end', status: 'error', reason: 'r' }]);
  expect(factsOf(['call', 'c1', { name: 'weather' }])).toEqual([
    progress,
    { kind: 'call', callId: 'c1', name: 'weather' },
  ]);
  expect(factsOf(['assign', 'c1', { device: 'd1' }])).toEqual([
    progress,
    { kind: 'assign', callId: 'c1', device: 'd1' },
  ]);
  expect(factsOf(['ask', 'a1', { tool: 'c1', until: 5 }])).toEqual([
    progress,
    { kind: 'ask', id: 'a1', callId: 'c1', until: 5 },
  ]);
  expect(factsOf(['answer', 'a1', { ok: true, record: 'r1' }])).toEqual([
    progress,
    { kind: 'answer', id: 'a1', ok: true, record: 'r1' },
  ]);
  expect(factsOf(['result', 'c1', { output: 1, record: 'r1' }])).toEqual([
    progress,
    { kind: 'result', callId: 'c1', record: 'r1' },
  ]);
  expect(factsOf(['miscall', 'c1', { error: 'e' }])).toEqual([progress, { kind: 'result', callId: 'c1' }]);
  expect(factsOf(['put', 'steering', { id: 'u1' }])).toEqual([progress, { kind: 'steering', id: 'u1' }]);
  expect(factsOf(['state', { a: 1 }])).toEqual([progress, { kind: 'state' }]);
  expect(factsOf(['patch', []])).toEqual([progress, { kind: 'state' }]);
});

test('a preliminary result settles nothing, and what lacks its fields is no fact', () => {
  const progress = { kind: 'progress' };
  expect(factsOf(['result', 'c1', { output: 1, preliminary: true }])).toEqual([progress]);
  expect(factsOf(['continue', 's1'])).toEqual([]);
  expect(factsOf(['continue', 's1', { length: -1 }])).toEqual([]);
  expect(factsOf(['end', 7])).toEqual([]);
  expect(factsOf(['assign', 'c1'])).toEqual([progress]);
  expect(factsOf(['put', 'steering'])).toEqual([progress]);
  expect(factsOf(['later', 'c1'])).toEqual([progress]);
});

test('P11 an end with a status of a later version is an end, read as an error', () => {
  expect(factsOf(['end', 'merged'])).toEqual([{ kind: 'end', status: 'error', reason: 'merged' }]);
  expect(factsOf(['end', 'merged', { reason: 'r' }])).toEqual([
    { kind: 'end', status: 'error', reason: 'r' },
  ]);
});
