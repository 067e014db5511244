import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  DOWN,
  encodeFrame,
  parseDown,
  parseUp,
  UP,
  WIRE_VERSION,
  type DownFrame,
  type UpFrame,
} from '../src/wire.ts';
import { SCALARS } from '../src/wire/scalars.ts';
import type { Tuple } from '../src/wire/shape.ts';
import { anyText, arbitraryTuple } from './arbitrary-shape.ts';

/** By version. A change of the protocol is a new version with a fingerprint of its own; old ones stay as they are. */
const FINGERPRINTS: Readonly<Record<number, string>> = {
  1: '10a614efa6f5702b',
  2: '49f6115552f12748',
};

const framesOf = (table: Readonly<Record<string, Tuple>>) =>
  fc.oneof(
    ...Object.entries(table).map(([verb, tuple]) => arbitraryTuple(tuple).map((values) => [verb, ...values])),
  );

describe('the protocol', () => {
  it('has the fingerprint of its version', () => {
    const scalars = Object.entries(SCALARS).map(([name, [, message]]) => [name, message]);
    const fingerprint = createHash('sha256')
      .update(JSON.stringify([UP, DOWN, scalars]))
      .digest('hex')
      .slice(0, 16);
    expect(fingerprint, 'the protocol changed: give it a new version').toBe(FINGERPRINTS[WIRE_VERSION]);
  });

  it.each([
    ['up', UP, parseUp],
    ['down', DOWN, parseDown],
  ] as const)('%s: every frame comes out as it went in', (_, table, parse) => {
    fc.assert(
      fc.property(framesOf(table), (frame) => {
        const parsed = parse(encodeFrame(frame as unknown as UpFrame | DownFrame));
        expect(parsed).toEqual({ ok: true, frame });
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['up', UP, parseUp],
    ['down', DOWN, parseDown],
  ] as const)('%s: bad input is answered, never thrown', (_, table, parse) => {
    const broken = fc
      .tuple(framesOf(table), fc.nat(), fc.jsonValue())
      .map(([frame, at, value]) => JSON.stringify(frame.with(at % frame.length, value)));
    fc.assert(
      fc.property(fc.oneof(anyText, fc.json(), broken), (text) => {
        const parsed = parse(text);
        if (!parsed.ok) expect([typeof parsed.path, typeof parsed.message]).toEqual(['string', 'string']);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a bad frame', () => {
  it('is named by the path of the bad field, with the request it belongs to', () => {
    const draft = { id: 'a', name: 'n', data: '', headers: { mood: 7 } };
    const frame = ['publish', 12, 0, [{ action: 'create', draft }]];
    expect(parseUp(JSON.stringify(frame))).toEqual({
      ok: false,
      path: 'publish[2][0].draft.headers.mood',
      message: 'must be a string',
      id: 12,
    });
  });

  it('has no request where it has no number', () => {
    expect(parseUp('["publish","x",0,[]]')).toMatchObject({ ok: false, path: 'publish[0]' });
    expect(parseUp('["publish","x",0,[]]')).not.toHaveProperty('id');
    expect(parseUp('{}')).toEqual({ ok: false, path: 'frame', message: 'must be a list' });
    expect(parseUp('["constructor"]')).toMatchObject({ ok: false, path: 'frame[0]' });
  });

  it('cannot smuggle fields that the protocol does not have', () => {
    const draft = { id: 'a', name: 'n', data: '', clientId: 'mallory', claims: { role: 'agent' } };
    const annotation = { action: 'add', id: 'i', type: 'likes:flag.v1', clientId: 'mallory', timestamp: 0 };
    const operations = [
      { action: 'create', draft, clientId: 'mallory' },
      { action: 'annotate', serial: 's', annotation },
    ];
    expect(parseUp(JSON.stringify(['publish', 1, 0, operations]))).toEqual({
      ok: true,
      frame: [
        'publish',
        1,
        0,
        [
          { action: 'create', draft: { id: 'a', name: 'n', data: '' } },
          { action: 'annotate', serial: 's', annotation: { action: 'add', id: 'i', type: 'likes:flag.v1' } },
        ],
      ],
    });
  });
});
