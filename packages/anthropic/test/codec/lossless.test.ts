import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { messagesCodec } from '../../src/index.ts';
import type { ProviderEvent as Event } from '@holdfast/testing/model-provider';
import { events, fold } from './fold.ts';
import { contentOf, decode, pieces } from './log.ts';
import { streams } from './random-stream.ts';
import { STREAMS } from './streams.ts';

// Hundreds of runs take their time where other work goes on beside them.
vi.setConfig({ testTimeout: 120_000 });
vi.spyOn(console, 'warn').mockImplementation(() => {});

test('I11 any stream folds to the same messages, joined at every append', async () => {
  await fc.assert(
    fc.asyncProperty(streams, async (stream) => {
      const appends = pieces(stream);
      const original = await fold(events(stream));
      for (let at = 0; at <= appends.length; at += 1)
        expect(await fold(decode(appends.slice(0, at).join(''), ...appends.slice(at)))).toEqual(original);
    }),
    { numRuns: 8 },
  );
});

test('I11 any cut of the log folds to the same messages', async () => {
  await fc.assert(
    fc.asyncProperty(streams, fc.array(fc.nat(9000), { maxLength: 9 }), async (stream, places) => {
      const log = pieces(stream).join('');
      const cuts = places.map((place) => place % (log.length + 1)).sort((a, b) => a - b);
      const cut = [...cuts, log.length].map((end, index) => log.slice(cuts[index - 1] ?? 0, end));
      expect(await fold(decode(...cut))).toEqual(await fold(events(stream)));
    }),
    { numRuns: 60 },
  );
});

test('I12 another encoder goes on with any log', async () => {
  await fc.assert(
    fc.asyncProperty(streams, fc.nat(200), async (stream, place) => {
      const at = place % (stream.length + 1);
      // Half a surrogate pair waits for its other half, and is lost with the encoder that held it.
      fc.pre(!/\\ud[89ab][\da-f]{2}"/u.test(JSON.stringify(stream[at - 1] ?? null)));
      const first = pieces(stream.slice(0, at)).join('');
      const encoder = messagesCodec.encoder(first);
      for (const event of events(stream.slice(at))) encoder.write(event);
      expect(await fold(decode(first + encoder.take()))).toEqual(await fold(events(stream)));
    }),
    { numRuns: 60 },
  );
});

test('I12 what has no place is kept aside with a warning, and the stream goes on', async () => {
  const warn = vi.spyOn(console, 'warn').mockClear();
  const odd: readonly Event[] = [
    { type: 'content_block_delta', index: 7, delta: { type: 'text_delta', text: 'x' } },
    { type: 'content_block_start', index: 0 },
    { type: 'message_delta', delta: null },
    { type: 'holdfast.call_output', call_id: 'nobody' },
    { type: 'future_event', some: 1 },
    { type: 'content_block_delta', index: 0, delta: { type: 'future_delta', some: 1 } },
  ];
  const [begun, ...rest] = STREAMS['text'] ?? [];
  if (begun === undefined) throw new Error('There is a stream of text.');
  const appends = pieces([begun, ...odd, { type: 'ping' }, ...rest]);
  const decoded = decode(...appends);
  const isOdd = (event: unknown): boolean =>
    [...odd, { type: 'ping' }].some((each) => JSON.stringify(each) === JSON.stringify(event));
  expect(await fold(decoded.filter((event) => !isOdd(event)))).toEqual(await fold(events([begun, ...rest])));
  expect(warn).toHaveBeenCalledTimes(odd.length);
  expect(decoded).toContainEqual(odd[4]);
  expect(decoded).toContainEqual(odd[5]);
  const kept = contentOf(...appends).parts.filter(
    (part) => part.type === 'raw' && part.of === 'anthropic/unplaced',
  );
  expect(kept).toHaveLength(4);
});

test('a late reader is told the answer so far in one go, with one delta per text', () => {
  const words = Array.from({ length: 10_000 }, (_, n) => `word ${n} `);
  const [begun, start] = STREAMS['text'] ?? [];
  if (begun === undefined || start === undefined) throw new Error('There is a stream of text.');
  const deltas = words.map((text) => ({
    type: 'content_block_delta',
    index: 0,
    delta: { type: 'text_delta', text },
  }));
  const log = pieces([begun, start, ...deltas]).join('');
  const text = words.join('');
  expect(log.length).toBeLessThan(text.length * 1.01);
  expect(decode(log)).toEqual([
    begun,
    start,
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } },
  ]);
});
