import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { agUiCodec } from '../../src/index.ts';
import { events, fold } from './fold.ts';
import { decode, pieces } from './log.ts';
import { moves, toStream } from './random-stream.ts';
import { ODD } from './streams.ts';

// A thousand runs take their time where other work goes on beside them.
vi.setConfig({ testTimeout: 120_000 });

test('I11 any stream folds to the same messages, joined at every append', () => {
  fc.assert(
    fc.property(moves, (made) => {
      const stream = toStream(made);
      const appends = pieces(stream);
      const original = fold(events(stream));
      for (let at = 0; at <= appends.length; at += 1)
        expect(fold(decode(appends.slice(0, at).join(''), ...appends.slice(at)))).toEqual(original);
    }),
    { numRuns: 300 },
  );
});

test('I11 any cut of the log folds to the same messages', () => {
  fc.assert(
    fc.property(moves, fc.array(fc.nat(4000), { maxLength: 9 }), (made, places) => {
      const stream = toStream(made);
      const log = pieces(stream).join('');
      const cuts = places.map((place) => place % (log.length + 1)).sort((a, b) => a - b);
      const cut = [...cuts, log.length].map((end, index) => log.slice(cuts[index - 1] ?? 0, end));
      expect(fold(decode(...cut))).toEqual(fold(events(stream)));
    }),
    { numRuns: 1000 },
  );
});

test('I12 a log that goes on in another process never makes a reader fail', () => {
  fc.assert(
    fc.property(moves, fc.nat(60), (made, at) => {
      const stream = toStream(made);
      const first = pieces(stream.slice(0, at % stream.length)).join('');
      const encoder = agUiCodec.encoder(first);
      for (const event of events(stream.slice(at % stream.length))) encoder.write(event);
      const log = first + encoder.take();
      expect(fold(decode(log))).toEqual(fold(decode(...log)));
    }),
    { numRuns: 300 },
  );
});

test.each(Object.entries(ODD))('I12 %s', (_name, stream) => {
  expect(fold(decode(...pieces(stream)))).toEqual(fold(events(stream)));
});
