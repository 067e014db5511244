import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { responsesCodec, type ResponsesEvent } from '../../src/index.ts';
import type { ProviderEvent as Event } from '@holdfast/testing/model-provider';
import { events, fold, TYPES } from './fold.ts';
import { contentOf, decode, pieces } from './log.ts';
import { streams } from './random-stream.ts';
import { STREAMS } from './streams.ts';

// Hundreds of runs take their time where other work goes on beside them.
vi.setConfig({ testTimeout: 120_000 });
vi.spyOn(console, 'warn').mockImplementation(() => {});

test('every event type of the SDK is in the streams that are tested, but for what is never stored', () => {
  const tested = new Set(Object.values(STREAMS).flatMap((stream) => stream.map(({ type }) => type)));
  expect(TYPES.filter((type) => !tested.has(type))).toEqual(['response.image_generation_call.partial_image']);
});

test('I11 any stream folds to the same responses, joined at every append', () => {
  fc.assert(
    fc.property(streams, (stream) => {
      const appends = pieces(stream);
      const original = fold(events(stream));
      for (let at = 0; at <= appends.length; at += 1)
        expect(fold(decode(appends.slice(0, at).join(''), ...appends.slice(at)))).toEqual(original);
    }),
    { numRuns: 5 },
  );
});

test('I11 any cut of the log folds to the same responses', () => {
  fc.assert(
    fc.property(streams, fc.array(fc.nat(9000), { maxLength: 9 }), (stream, places) => {
      const log = pieces(stream).join('');
      const cuts = places.map((place) => place % (log.length + 1)).sort((a, b) => a - b);
      const cut = [...cuts, log.length].map((end, index) => log.slice(cuts[index - 1] ?? 0, end));
      expect(fold(decode(...cut))).toEqual(fold(events(stream)));
    }),
    { numRuns: 60 },
  );
});

test('I12 another encoder goes on with any log', () => {
  fc.assert(
    fc.property(streams, fc.nat(200), (stream, place) => {
      const at = place % (stream.length + 1);
      const said = stream[at - 1]?.['delta'];
      // Half a surrogate pair waits for its other half, and is lost with the encoder that held it.
      fc.pre(typeof said !== 'string' || !/\p{Surrogate}/u.test(said));
      const first = pieces(stream.slice(0, at)).join('');
      const encoder = responsesCodec.encoder(first);
      for (const event of events(stream.slice(at))) encoder.write(event);
      expect(fold(decode(first + encoder.take()))).toEqual(fold(events(stream)));
    }),
    { numRuns: 60 },
  );
});

test('I12 what has no place is kept aside with a warning, and the stream goes on', () => {
  const warn = vi.spyOn(console, 'warn').mockClear();
  const odd: readonly Event[] = [
    { type: 'response.output_text.delta', output_index: 7, content_index: 0, item_id: 'm', delta: 'x' },
    { type: 'response.output_item.added', output_index: 9 },
    { type: 'response.completed' },
    { type: 'holdfast.call_output', call_id: 'nobody' },
    { type: 'response.future', some: 1 },
  ];
  const [begun, ...rest] = STREAMS['text'] ?? [];
  if (begun === undefined) throw new Error('There is a stream of text.');
  const appends = pieces([begun, ...odd, ...rest]);
  const decoded = decode(...appends);
  const known = decoded.filter(({ type }) => TYPES.includes(type));
  expect(fold(known)).toEqual(fold(events([begun, ...rest])));
  expect(warn).toHaveBeenCalledTimes(odd.length);
  expect(decoded.map(({ type }): string => type)).toContain('response.future');
  const kept = contentOf(...appends).parts.filter(
    (part) => part.type === 'raw' && part.of === 'openai/unplaced',
  );
  expect(kept).toHaveLength(4);
});

test('a late reader is told the answer so far in one go, with one delta per text', () => {
  const words = Array.from({ length: 10_000 }, (_, n) => `word ${n} `);
  const stream = [...(STREAMS['text'] ?? [])];
  const [at, delta] =
    [...stream.entries()].find(([, { type }]) => type === 'response.output_text.delta') ?? [];
  if (at === undefined || delta === undefined) throw new Error('There is a delta.');
  const long = [...stream.slice(0, at), ...words.map((text) => ({ ...delta, delta: text }))];
  const log = pieces(long).join('');
  const text = words.join('');
  expect(log.length).toBeLessThan(text.length * 1.01);
  const replay = decode(log);
  expect(replay.length).toBeLessThan(6);
  const whole = replay.find(
    (event): event is Extract<ResponsesEvent, { type: 'response.output_text.delta' }> =>
      event.type === 'response.output_text.delta',
  );
  expect(whole?.delta).toBe(text);
});
