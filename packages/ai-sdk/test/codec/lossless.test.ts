import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { uiMessageCodec } from '../../src/index.ts';
import { moves, toStream } from './chunk-stream.ts';
import { decode, encode, pieces, shown } from './log.ts';
import { sdkFold, VERSIONS } from './sdk-fold.ts';

// A thousand runs take their time where other work goes on beside them.
vi.setConfig({ testTimeout: 120_000 });

const takes = fc.array(fc.boolean(), { minLength: 1, maxLength: 8 });
const RUNS = { numRuns: 1000 };

/** A text cut at places counted modulo its length. */
function cut(text: string, at: readonly number[]): string[] {
  const places = at.map((place) => place % (text.length + 1)).sort((a, b) => a - b);
  return [...places, text.length].map((end, index) => text.slice(places[index - 1] ?? 0, end));
}

describe.each(VERSIONS)('%s', (version) => {
  test('I12 any stream folds to the same message, decoded whole', async () => {
    await fc.assert(
      fc.asyncProperty(moves, takes, async (made, isTaken) => {
        const chunks = toStream(made, version);
        const log = encode(chunks, isTaken);
        expect(await sdkFold(decode(log), version)).toEqual(await sdkFold(chunks, version));
      }),
      RUNS,
    );
  });

  test('I11 any cut of the log folds to the same message', async () => {
    await fc.assert(
      fc.asyncProperty(moves, takes, fc.array(fc.nat(4000), { maxLength: 9 }), async (made, isTaken, at) => {
        const chunks = toStream(made, version);
        const log = encode(chunks, isTaken);
        expect(await sdkFold(decode(...cut(log, at)), version)).toEqual(await sdkFold(chunks, version));
      }),
      RUNS,
    );
  });

  test('I11 joining at any append folds to the same message', async () => {
    await fc.assert(
      fc.asyncProperty(moves, takes, async (made, isTaken) => {
        const chunks = toStream(made, version);
        const appends = pieces(chunks, isTaken);
        const original = await sdkFold(chunks, version);
        for (let k = 0; k <= appends.length; k += Math.ceil(appends.length / 6)) {
          const joined = decode(appends.slice(0, k).join(''), ...appends.slice(k));
          expect(await sdkFold(joined, version)).toEqual(original);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('I11 another encoder goes on with the log, wherever it stops', async () => {
    await fc.assert(
      fc.asyncProperty(moves, fc.nat(40), async (made, at) => {
        // Half a pair that waits for its other half is lost with the process that held it.
        const text = JSON.stringify(made).replaceAll(/😀|\\ud83d/gu, 'x');
        const whole = JSON.parse(text) as typeof made;
        const chunks = toStream(whole, version);
        const first = encode(chunks.slice(0, at % chunks.length));
        const encoder = uiMessageCodec.encoder(first);
        for (const chunk of chunks.slice(at % chunks.length)) encoder.write(chunk);
        const log = first + encoder.take();
        expect(await sdkFold(decode(log), version)).toEqual(await sdkFold(chunks, version));
      }),
      RUNS,
    );
  });
});

test('I11 one code unit at a time is one of those cuts', async () => {
  await fc.assert(
    fc.asyncProperty(moves, async (made) => {
      const chunks = toStream(made);
      expect(await sdkFold(decode(...encode(chunks).split('')))).toEqual(await sdkFold(chunks));
    }),
    { numRuns: 100 },
  );
});

test('I12 the neutral fold shows what the reader of the SDK shows', async () => {
  await fc.assert(
    fc.asyncProperty(moves, takes, async (made, isTaken) => {
      const log = encode(toStream(made), isTaken);
      const { message } = await sdkFold(decode(log));
      const { metadata, ...rest } = shown(log);
      expect({ ...rest, metadata: { ...(metadata as object), isEnd: true } }).toEqual(message);
    }),
    RUNS,
  );
});
