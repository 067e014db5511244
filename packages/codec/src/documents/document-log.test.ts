import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createContentFold } from '../content-fold.ts';
import type { JsonValue } from '../json.ts';
import type { Content } from '../part.ts';
import { createDocumentLog, type DocumentLog } from './document-log.ts';
import type { Shown } from './shown.ts';
import { readDocuments, resolve } from './stored-document.ts';

const MARK = 'acme/answer';
const open = (log = ''): DocumentLog => createDocumentLog({ log, mark: MARK });

function contentOf(log: string): Content {
  const fold = createContentFold();
  fold.push(log);
  return fold.content;
}

function documentsOf(log: string): readonly JsonValue[] {
  return readDocuments(contentOf(log).parts, MARK).documents.map(resolve);
}

/** Everything at the top of a document that is text is shown. */
function textsOf(document: Readonly<Record<string, JsonValue>>): readonly Shown[] {
  return Object.entries(document).flatMap(([key, value]): readonly Shown[] =>
    typeof value === 'string' ? [{ is: 'text', at: [key], isDone: value.endsWith('.') }] : [],
  );
}

const call = (isDone: boolean): Shown => ({ is: 'call', id: 'c', name: 'weather', at: ['input'], isDone });

test('text is stored once: in its part', () => {
  const log = open();
  log.begin();
  const said = 'Lisbon has two airports, of which one is closed.';
  log.show({ said, id: 7 }, textsOf({ said }));
  const written = log.take();
  expect(written.split(said)).toHaveLength(2);
  expect(documentsOf(written)).toEqual([{ said, id: 7 }]);
  expect(contentOf(written).parts).toContainEqual({ type: 'text', n: 0, text: said, state: 'done' });
});

test('a text that grows costs its growth; one that turns out otherwise is stored as it is', () => {
  const log = open();
  log.begin();
  log.show({ said: 'Lis' }, textsOf({ said: 'Lis' }));
  const before = log.take();
  expect(log.grow(['said'], 'bon')).toBe(true);
  expect(log.take()).toBe('bon');
  log.show({ said: 'Porto.' }, textsOf({ said: 'Porto.' }));
  expect(documentsOf(`${before}bon${log.take()}`)).toEqual([{ said: 'Porto.' }]);
});

test('text grows only where it is shown and open', () => {
  const log = open();
  log.begin();
  log.show({ said: 'Lisbon.' }, textsOf({ said: 'Lisbon.' }));
  expect(log.grow(['said'], '!')).toBe(false);
  expect(log.grow(['nowhere'], '!')).toBe(false);
});

test.each(['{"city":"Lima"}', '{ "city": "Lima" }', '', '{"city":', '"text"', '1.0'])(
  'an input comes back as it was written, wherever the log is cut: %s',
  (input) => {
    const log = open();
    log.begin();
    log.show({ input: '' }, [call(false)]);
    log.grow(['input'], input);
    log.show({ input }, [call(true)]);
    const written = log.take();
    expect(documentsOf(written)).toEqual([{ input }]);
    for (let at = written.indexOf('"text":[[') + 60; at < written.length; at += 1) {
      const [document] = documentsOf(written.slice(0, at));
      const { input: seen } = document as { readonly input: string };
      // Never anything else than a beginning of it.
      expect(input.startsWith(seen)).toBe(true);
    }
  },
);

test('an output that the document has too is stored once, and followed where it changes', () => {
  const output = { pages: ['a page that says something about airports', 'and another one'] };
  const shown: readonly Shown[] = [
    { ...call(true), by: 'acme' } as Shown,
    { is: 'result', id: 'c', at: ['output'] },
  ];
  const log = open();
  log.begin();
  log.show({ input: '{}', output }, shown);
  const written = log.take();
  expect(written.split('about airports')).toHaveLength(2);
  expect(documentsOf(written)).toEqual([{ input: '{}', output }]);
  const later = { pages: ['nothing that has anything to do with it'] };
  log.show({ input: '{}', output: later }, shown);
  const whole = written + log.take();
  expect(documentsOf(whole)).toEqual([{ input: '{}', output: later }]);
  expect(contentOf(whole).parts).toContainEqual(expect.objectContaining({ output: later, state: 'result' }));
});

test('whatever becomes of a document, the log says it, also from another process on', () => {
  const value = fc.jsonValue({ maxDepth: 3 });
  const documents = fc.array(fc.dictionary(fc.string(), value, { maxKeys: 4 }), {
    minLength: 1,
    maxLength: 5,
  });
  fc.assert(
    fc.property(documents, fc.array(fc.boolean()), (made, turns) => {
      let log = open();
      let written = '';
      const wanted: JsonValue[] = [];
      for (const [index, document] of made.entries()) {
        if (index === 0 || turns[index] === true) {
          log.begin();
          wanted.push(null);
        }
        const plain = JSON.parse(JSON.stringify(document)) as Record<string, JsonValue>;
        log.show(plain, textsOf(plain));
        wanted[wanted.length - 1] = plain;
        written += log.take();
        expect(documentsOf(written)).toEqual(wanted);
        log = open(written);
        expect(log.document).toEqual(plain);
      }
    }),
    { numRuns: 300 },
  );
});

test('nothing is shown before it was begun', () => {
  expect(() => open().show({}, [])).toThrow('begun');
});
