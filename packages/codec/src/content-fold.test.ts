import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { anyLog, cuts, split } from '../test/arbitrary.ts';
import { contentLog } from '../test/content-log.ts';
import { createContentFold } from './content-fold.ts';
import type { Content } from './part.ts';
import { control, type Frame } from './control.ts';
import { foldControl } from './fold-control.ts';
import { addText, createFoldState, takeUp } from './fold-state.ts';

// A thousand runs take their time where other work goes on beside them.
vi.setConfig({ testTimeout: 120_000 });

function fold(...pieces: readonly (Frame | { readonly text: string })[]): Content {
  const folding = createContentFold();
  for (const piece of pieces) {
    folding.push(typeof piece === 'object' && 'text' in piece ? piece.text : control(piece));
  }
  return folding.content;
}
const say = (text: string) => ({ text });

test('I11 any cut gives the same content, whatever the log holds', () => {
  fc.assert(
    fc.property(fc.oneof(anyLog, contentLog), cuts, fc.boolean(), (log, at, isRead) => {
      const cut = createContentFold();
      for (const piece of split(log, at)) {
        cut.push(piece);
        // Looking in between changes nothing.
        if (isRead) void cut.content;
      }
      const whole = createContentFold();
      whole.push(log);
      expect(cut.content).toEqual(whole.content);
    }),
    { numRuns: 3000 },
  );
});

test('I11 content depends on controls and texts of parts, not on where texts break', () => {
  fc.assert(
    fc.property(fc.oneof(anyLog, contentLog), (log) => {
      const whole = createContentFold();
      whole.push(log);
      const single = createContentFold();
      for (const unit of log.split('')) single.push(unit);
      expect(single.content).toEqual(whole.content);
    }),
    { numRuns: 1000 },
  );
});

test('I18 content is built once, and nothing read before changes', () => {
  fc.assert(
    fc.property(fc.oneof(anyLog, contentLog), cuts, (log, at) => {
      const folding = createContentFold();
      let before = folding.content;
      let frozen = JSON.stringify(before);
      for (const piece of split(log, at)) {
        folding.push(piece);
        const now = folding.content;
        expect(folding.content).toBe(now);
        expect(JSON.stringify(before)).toBe(frozen);
        before = now;
        frozen = JSON.stringify(now);
      }
    }),
    { numRuns: 1000 },
  );
});

test('I18 a delta changes one part, however many there are, and costs no look until it is read', () => {
  const folding = createContentFold();
  for (let n = 0; n < 500; n += 1) folding.push(`${control(['open', 'text'])}part ${n}`);
  const before = folding.content;
  for (let i = 0; i < 1000; i += 1) folding.push('.');
  const after = folding.content;
  const changed = after.parts.filter((part, n) => part !== before.parts[n]);
  expect(changed).toEqual([
    { type: 'text', n: 499, text: `part 499${'.'.repeat(1000)}`, state: 'streaming' },
  ]);
  folding.push(control(['meta', { model: 'm' }]));
  expect(folding.content.parts).toBe(after.parts);
  expect(folding.content).not.toBe(after);
});

test('I18 the work of a delta does not grow with what is there', () => {
  const state = createFoldState();
  foldControl(state, ['open', 'text'], 0);
  const [before] = state.parts;
  for (let i = 0; i < 10_000; i += 1) addText(state, 0, 'delta');
  // No delta has copied the part; together they wait as one.
  expect(state.parts[0]).toBe(before);
  expect(state.streams.get(0)?.more).toHaveLength(50_000);
  takeUp(state);
  expect(state.parts[0]).toMatchObject({ text: 'delta'.repeat(10_000) });
});

const text = (n: number, of: string, state: 'streaming' | 'done' = 'streaming') => ({
  type: 'text',
  n,
  text: of,
  state,
});

describe('a message', () => {
  test('is named by the first control that does, its metadata is merged', () => {
    expect(
      fold(
        ['message', null, { meta: { a: { b: 1 } } }],
        ['message', 'm1', { role: 'assistant' }],
        ['message', 'm2', { role: 'user' }],
        ['meta', { a: { c: 2 } }],
        ['finish', 'stop', { meta: { d: 3 } }],
      ),
    ).toEqual({
      id: 'm1',
      role: 'assistant',
      finish: { reason: 'stop' },
      metadata: { a: { b: 1, c: 2 }, d: 3 },
      parts: [],
    });
    expect(fold(['message', 'm1', { role: 'tyrant' }])).toEqual({ id: 'm1', parts: [] });
  });

  test('keeps run state, ends and unknown controls out of its parts', () => {
    const { parts } = fold(
      ['state', { a: 1 }],
      ['patch', []],
      ['abort', 'why'],
      ['later', 'x'],
      ['put', 'later'],
      ['continue', 's', { length: 0 }],
    );
    expect(parts).toEqual([]);
  });
});

describe('text and reasoning', () => {
  test('stream, carry what came beside them, and close', () => {
    const { parts } = fold(
      ['open', 'text', { id: 't', as: 'json', pm: { a: 1 } }],
      say('one'),
      ['open', 'reasoning', { id: 'r', x: { here: { a: 1 } } }],
      say('two'),
      0,
      say(' three'),
      ['on', 1, { pm: { b: 2 }, x: { here: { b: 2 } } }],
      ['close', 0, { citations: ['c'] }],
    );
    expect(parts).toEqual([
      { type: 'text', n: 0, text: 'one three', state: 'done', as: 'json', pm: { a: 1 }, citations: ['c'] },
      {
        type: 'reasoning',
        n: 1,
        id: 'r',
        text: 'two',
        state: 'streaming',
        pm: { b: 2 },
        x: { here: { a: 1, b: 2 } },
      },
    ]);
  });

  test('take nothing more once closed, and text for nobody is passed over', () => {
    const { parts } = fold(say('nobody'), ['open', 'text'], say('a'), ['close', 0], 0, say('b'), [
      'on',
      0,
      { pm: 1 },
    ]);
    expect(parts).toEqual([text(0, 'a', 'done')]);
  });

  test.each(['cancelled', 'error', 'lost', 'merged'])('are done at an end that is %s', (status) => {
    const { parts } = fold(['open', 'text'], say('a'), ['end', status], say('b'));
    expect(parts).toEqual([text(0, 'a', 'done')]);
  });

  test.each(['complete', 'suspended'])('stay as they are at an end that is %s', (status) => {
    expect(fold(['open', 'text'], say('a'), ['end', status]).parts).toEqual([text(0, 'a')]);
  });
});

describe('steps', () => {
  test('a reset drops the parts of the step, and nothing that was open goes on', () => {
    const { parts } = fold(
      ['open', 'text'],
      say('kept'),
      ['step', 'start'],
      ['open', 'text'],
      say('dropped'),
      ['put', 'source', { id: 's', url: 'u' }],
      ['step', 'reset'],
      0,
      say('nobody'),
      ['open', 'text'],
      say('again'),
      ['step', 'finish'],
    );
    expect(parts).toEqual([text(0, 'kept'), { type: 'step' }, text(2, 'again')]);
  });

  test('without a step start a reset drops everything', () => {
    expect(fold(['open', 'text'], say('a'), ['step', 'reset']).parts).toEqual([]);
  });
});

describe('a tool call', () => {
  const call = { type: 'tool', callId: 'c1', name: 'weather' };
  const open = ['open', 'input', { id: 'c1', name: 'weather' }] as const;
  const proposed = { ...call, state: 'proposed', input: { city: 'Lima' } };

  test('streams its input, which is parsed when it is complete', () => {
    expect(fold(open).parts).toEqual([{ ...call, n: 0, state: 'input' }]);
    expect(fold(open, ['on', 0]).parts).toEqual([{ ...call, n: 0, state: 'input', inputText: '' }]);
    expect(fold(open, say('{"city":')).parts).toEqual([
      { ...call, n: 0, state: 'input', inputText: '{"city":' },
    ]);
    expect(fold(open, say('{"city":"Lima"}'), ['call', 'c1', { n: 0 }]).parts).toEqual([
      { ...proposed, n: 0 },
    ]);
  });

  test('has the input that the call states, and text as it is where it is no JSON', () => {
    expect(fold(open, say('{'), ['call', 'c1', { n: 0, input: 7 }]).parts).toMatchObject([{ input: 7 }]);
    expect(fold(open, say('{'), ['call', 'c1', { n: 0 }]).parts).toMatchObject([{ input: '{' }]);
    expect(
      fold(['open', 'input', { id: 'c1', name: 'sql', as: 'text' }], say('1'), ['call', 'c1', { n: 0 }])
        .parts,
    ).toMatchObject([{ input: '1' }]);
  });

  test('may come whole, and is one call within a step', () => {
    const whole = [
      'call',
      'c1',
      { name: 'weather', input: 1, by: true, pm: 'p', x: { here: { t: 1 } } },
    ] as const;
    const part = { ...call, state: 'proposed', input: 1, by: true, pm: 'p', x: { here: { t: 1 } } };
    expect(fold(whole).parts).toEqual([part]);
    expect(fold(whole, ['call', 'c1', { input: 2 }]).parts).toEqual([{ ...part, input: 2 }]);
    expect(fold(whole, ['call', 'c1', { name: 'b', input: 2, dynamic: true }]).parts).toHaveLength(2);
    expect(fold(whole, ['step', 'start'], ['call', 'c1', { name: 'weather', input: 2 }]).parts).toHaveLength(
      3,
    );
  });

  test('settles with the last result of the latest call', () => {
    const before = ['call', 'c1', { name: 'weather', input: { city: 'Lima' } }] as const;
    const result = (fields: object): object =>
      fold(before, ['result', 'c1', fields as { readonly output: number }]).parts[0] ?? {};
    expect(result({ output: 1, pm: 'r' })).toEqual({
      ...proposed,
      state: 'result',
      output: 1,
      resultPm: 'r',
    });
    expect(result({ output: 1, preliminary: true })).toEqual({
      ...proposed,
      state: 'running',
      output: 1,
      preliminary: true,
    });
    expect(result({ error: 'e' })).toEqual({ ...proposed, state: 'error', error: 'e' });
    expect(result({ denied: true })).toEqual({ ...proposed, state: 'denied', settled: true });
    expect(fold(['result', 'c1', { output: 1 }]).parts).toEqual([]);
  });

  test('a result that states nothing makes final what stands', () => {
    const { parts } = fold(
      ['call', 'c1', { name: 'weather', input: 1 }],
      ['result', 'c1', { output: { text: 'a', more: ['b'] }, preliminary: true }],
      ['open', 'value', { of: 'c1', at: ['text'] }],
      say('bc'),
      ['open', 'value', { of: 'c1', at: ['more', 0] }],
      say('cd'),
      0,
      say('d'),
      ['result', 'c1'],
    );
    expect(parts).toEqual([{ ...call, state: 'result', input: 1, output: { text: 'abcd', more: ['bcd'] } }]);
  });

  test('invalid input is an error, with the input as far as it can be read', () => {
    const { parts } = fold(open, say('{"a"'), ['miscall', 'c1', { n: 0, error: 'bad' }]);
    expect(parts).toEqual([{ ...call, n: 0, state: 'error', invalid: true, input: '{"a"', error: 'bad' }]);
    expect(fold(['miscall', 'c1', { name: 'weather', input: 1, error: 'bad' }]).parts).toEqual([
      { ...call, state: 'error', invalid: true, input: 1, error: 'bad' },
    ]);
  });

  test('is asked for, decided and assigned', () => {
    const before = [
      ['call', 'c1', { name: 'weather', input: { city: 'Lima' } }],
      [
        'ask',
        'a1',
        { tool: 'c1', reason: 'why', digest: 'd', until: 5, signature: 's', auto: true, schema: {} },
      ],
    ] as const;
    const approval = {
      id: 'a1',
      requestReason: 'why',
      digest: 'd',
      until: 5,
      signature: 's',
      auto: true,
      schema: {},
    };
    expect(fold(...before).parts).toEqual([{ ...proposed, state: 'asked', approval }]);
    expect(fold(...before, ['answer', 'a1', { ok: true, record: 'r', reason: 'fine' }]).parts).toEqual([
      { ...proposed, state: 'approved', approval: { ...approval, ok: true, record: 'r', reason: 'fine' } },
    ]);
    expect(fold(...before, ['answer', 'a1', { ok: false }]).parts).toEqual([
      { ...proposed, state: 'denied', approval: { ...approval, ok: false } },
    ]);
    expect(fold(before[0], ['assign', 'c1', { device: 'd1' }]).parts).toEqual([
      { ...proposed, device: 'd1' },
    ]);
  });
});

describe('whole parts', () => {
  test('each kind has its part', () => {
    const { parts } = fold(
      ['put', 'source', { id: 's', url: 'u', title: 't', pm: 'p' }],
      ['put', 'document', { id: 'd', mime: 'text/plain', title: 't', filename: 'f' }],
      ['put', 'file', { url: 'u', mime: 'image/png' }],
      ['put', 'file', { url: 'u', mime: 'image/png', reasoning: true, filename: 'f' }],
      ['put', 'custom', { kind: 'a.b', x: { here: { a: 1 } } }],
      ['put', 'steering', { id: 'u1', parts: [{ type: 'text', text: 'hurry' }] }],
      ['put', 'data', { name: 'chart', data: [1] }],
      ['error', 'it broke'],
      ['raw', { type: 'new' }, { of: 'here' }],
    );
    expect(parts).toEqual([
      { type: 'source', id: 's', url: 'u', title: 't', pm: 'p' },
      { type: 'document', id: 'd', mime: 'text/plain', title: 't', filename: 'f' },
      { type: 'file', url: 'u', mime: 'image/png' },
      { type: 'file', url: 'u', mime: 'image/png', reasoning: true, filename: 'f' },
      { type: 'custom', kind: 'a.b', x: { here: { a: 1 } } },
      { type: 'steering', id: 'u1', parts: [{ type: 'text', text: 'hurry' }] },
      { type: 'data', name: 'chart', data: [1] },
      { type: 'error', text: 'it broke' },
      { type: 'raw', chunk: { type: 'new' }, of: 'here' },
    ]);
  });

  test('data with an id is replaced in place and grows, data without one is another part', () => {
    const data = (id: string | undefined, of: object): Frame => [
      'put',
      'data',
      { name: 'log', ...(id && { id }), data: of as never },
    ];
    const { parts } = fold(
      data('1', { text: 'a' }),
      data(undefined, {}),
      data('2', {}),
      data(undefined, {}),
      data('1', { text: 'b', list: [''] }),
      ['open', 'value', { of: ['log', '1'], at: ['list', 0] }],
      say('c'),
      ['open', 'value', { of: ['log', '3'], at: ['text'] }],
      say('nobody'),
    );
    expect(parts).toEqual([
      { type: 'data', name: 'log', id: '1', data: { text: 'b', list: ['c'] } },
      { type: 'data', name: 'log', data: {} },
      { type: 'data', name: 'log', id: '2', data: {} },
      { type: 'data', name: 'log', data: {} },
    ]);
  });
});
