import type { UIMessageChunk } from 'ai';
import { describe, expect, test } from 'vitest';
import { uiMessageCodec } from '../../src/index.ts';

const bytes = (text: string): number => Buffer.byteLength(text, 'utf8');
const HEAD = '\u001e["message","m_0123456789ab",{"role":"assistant"}]\n';
const END = '\u001e["end","complete"]\n';

/** What is stored of a run: its stream, appended chunk by chunk, and the end. Its head follows from the run. */
function stored(chunks: readonly UIMessageChunk[], isTaken: (index: number) => boolean = () => true): string {
  const encoder = uiMessageCodec.encoder(HEAD);
  let log = '';
  chunks.forEach((chunk, index) => {
    encoder.write(chunk);
    if (isTaken(index)) log += encoder.take();
  });
  return log + encoder.take() + END;
}

const SENTENCE =
  'Lisbon has two airports, of which one is used — Humberto Delgado; ümlaut and 😀 count too. ';

/** Prose in deltas of a token each. */
function prose(atLeast: number): string[] {
  const text = SENTENCE.repeat(Math.ceil(atLeast / bytes(SENTENCE)));
  return text.match(/.{1,4}/gsu) ?? [];
}

function say(id: string, deltas: readonly string[]): UIMessageChunk[] {
  return [
    { type: 'text-start', id },
    ...deltas.map((delta) => ({ type: 'text-delta' as const, id, delta })),
    { type: 'text-end', id },
  ];
}

function answer(...steps: readonly (readonly UIMessageChunk[])[]): UIMessageChunk[] {
  return [
    { type: 'start', messageId: 'other' },
    ...steps.flatMap((step): UIMessageChunk[] => [{ type: 'start-step' }, ...step, { type: 'finish-step' }]),
    { type: 'finish', finishReason: 'stop' },
  ];
}

function call(id: string, name: string, input: unknown): UIMessageChunk[] {
  const text = JSON.stringify(input);
  return [
    { type: 'tool-input-start', toolCallId: id, toolName: name },
    ...(text.match(/.{1,6}/gsu) ?? []).map((inputTextDelta) => ({
      type: 'tool-input-delta' as const,
      toolCallId: id,
      inputTextDelta,
    })),
    { type: 'tool-input-available', toolCallId: id, toolName: name, input },
  ];
}

describe('I10 stored bytes', () => {
  test('a plain answer over 10 kB costs at most 1.01 of its text', () => {
    for (const length of [10_000, 30_000]) {
      const deltas = prose(length);
      const text = bytes(deltas.join(''));
      expect(text).toBeLessThan(length * 1.01);
      for (const isTaken of [() => true, () => false, (index: number) => index % 3 === 0]) {
        expect(bytes(stored(answer(say('msg_1', deltas)), isTaken)) / text).toBeLessThan(1.01);
      }
    }
  });

  test('what a provider sends along with every delta is stored once', () => {
    const providerMetadata = { openai: { itemId: 'msg_68b1c6f2a4d88190b9a1c3d5e7f90123' } };
    const deltas = prose(20_000);
    const chunks = say('0', deltas).map((chunk) => ({ ...chunk, providerMetadata }) as UIMessageChunk);
    expect(bytes(stored(answer(chunks))) / bytes(deltas.join(''))).toBeLessThan(1.01);
  });

  test('a turn with tools costs at most 1.35 of its payload', () => {
    const [weather, search] = [
      { city: 'Lisbon', unit: 'celsius', days: ['mon', 'tue', 'wed'] },
      { query: 'airports of Lisbon', limit: 5, filter: { language: 'en', since: 2024 } },
    ];
    const forecast = {
      forecast: weather.days.map((day, n) => ({
        day,
        sky: 'sunny',
        high: 24 + n,
        low: 14 + n,
        wind: 'NW 12 km/h',
      })),
    };
    const hits = {
      hits: [1, 2, 3, 4, 5].map((n) => ({
        title: `Humberto Delgado Airport ${n}`,
        url: `https://example.com/lisbon/${n}`,
        snippet: SENTENCE,
      })),
    };
    const words = SENTENCE.repeat(3);
    const chunks = answer(
      [
        ...call('call_9f8e7d6c5b4a', 'weather', weather),
        ...call('call_1a2b3c4d5e6f', 'search', search),
        { type: 'tool-output-available', toolCallId: 'call_9f8e7d6c5b4a', output: forecast },
        { type: 'tool-output-available', toolCallId: 'call_1a2b3c4d5e6f', output: hits },
      ],
      say('0', words.match(/.{1,4}/gsu) ?? []),
    );
    const payload = bytes(
      [weather, search, forecast, hits].map((each) => JSON.stringify(each)).join('') + words,
    );
    expect(bytes(stored(chunks)) / payload).toBeLessThan(1.35);
  });

  test('interleaved inputs of parallel calls cost one number for each switch', () => {
    const inputs = ['c1', 'c2'].map((id) => ({ id, text: JSON.stringify({ text: 'word '.repeat(400) }) }));
    const starts = inputs.map(({ id }): UIMessageChunk => ({
      type: 'tool-input-start',
      toolCallId: id,
      toolName: 't',
    }));
    const deltas = Array.from({ length: 100 }, (_, index) =>
      inputs.map(({ id, text }): UIMessageChunk => ({
        type: 'tool-input-delta',
        toolCallId: id,
        inputTextDelta: text.slice(index * 20, index * 20 + 20),
      })),
    ).flat();
    const each = bytes(stored([...starts, ...deltas]));
    const text = bytes(inputs.map((input) => input.text.slice(0, 2000)).join(''));
    // RS, a digit, LF, two hundred times, and some hundred bytes of controls.
    expect(each).toBeLessThan(text + 200 * 3 + 150);
    expect(bytes(stored([...starts, ...deltas], (index) => index % 10 === 9))).toBeLessThan(
      text + 40 * 3 + 150,
    );
  });
});

describe('I10 a value that only grew a string costs its growth', () => {
  const words = 'one two three four five six seven eight nine ten '.repeat(160).match(/.{1,4}/gsu) ?? [];
  const growing = words.map((_, index) => words.slice(0, index + 1).join(''));
  const text = bytes(words.join(''));

  test('preliminary outputs: two thousand of them over eight thousand bytes', () => {
    const chunks: UIMessageChunk[] = [
      { type: 'tool-input-available', toolCallId: 'c1', toolName: 'agent', input: {} },
      ...growing.map((log): UIMessageChunk => ({
        type: 'tool-output-available',
        toolCallId: 'c1',
        output: { state: 'busy', log, parts: [] },
        preliminary: true,
      })),
      {
        type: 'tool-output-available',
        toolCallId: 'c1',
        output: { state: 'busy', log: growing.at(-1), parts: [] },
      },
    ];
    expect(growing.length).toBeGreaterThan(1900);
    for (const isTaken of [() => true, () => false]) {
      expect(bytes(stored(chunks, isTaken))).toBeLessThan(text + 300);
    }
  });

  test('data parts with an id', () => {
    const chunks = growing.map((log): UIMessageChunk => ({ type: 'data-log', id: '1', data: { log } }));
    expect(bytes(stored(chunks))).toBeLessThan(text + 200);
  });

  test('of values that change otherwise and wait together only the last is stored', () => {
    const chunks = Array.from({ length: 500 }, (_, done): UIMessageChunk => ({
      type: 'data-progress',
      id: '1',
      data: { done, of: 500 },
    }));
    expect(bytes(stored(chunks, () => false))).toBeLessThan(100);
  });
});
