import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Delivery, Message, Position, Serial, Version } from '@holdfast/channel';
import {
  createDeliveryDecoder,
  createDeliveryEncoder,
  createStanding,
  encodeFrame,
  parseDown,
} from '../src/wire.ts';
import { decodePosition, encodePosition } from '../src/wire/relative-position.ts';
import { anyText } from './arbitrary-shape.ts';

const tick = fc.integer({ min: 0, max: 36 ** 4 }).map((value) => value.toString(36).padStart(11, '0'));
const position = fc
  .oneof(
    tick.map((text) => `epoch-1.${text}`),
    tick.map((text) => `epoch-22.${text}`),
    anyText,
  )
  .map((text) => text as Position);
const serial = fc.constantFrom('s1', 's2', 's3').map((text) => text as Serial);
const version = fc.oneof(tick, fc.constant('v')).map((text) => text as Version);
const message = fc
  .record({ serial, version, data: anyText })
  .map((fields): Message => ({ ...fields, id: 'id', name: 'note', headers: {}, timestamp: 0 }));
const signal = { id: 'id', name: 'beat', data: null, headers: {}, timestamp: 0 };

const delivery: fc.Arbitrary<Delivery> = fc.oneof(
  fc.record({ kind: fc.constant('message'), message, position }),
  fc.record({ kind: fc.constant('append'), serial, version, data: anyText, offset: fc.nat(), position }),
  position.map((at) => {
    const own = at.slice(at.lastIndexOf('.') + 1) as Version;
    return {
      kind: 'append',
      serial: 's1' as Serial,
      version: own === '' ? ('v' as Version) : own,
      data: 'x',
      offset: 0,
      position: at,
    } as const;
  }),
  fc.record({
    kind: fc.constant('annotations'),
    serial,
    summary: version.map((v) => ({ version: v, types: {} })),
    position,
  }),
  fc.record({ kind: fc.constant('gap'), position }),
  fc.constant<Delivery>({ kind: 'signal', signal }),
);

describe('deliveries on the wire', () => {
  it('I3 come out as they went in, on every subscription of a connection, whatever the positions look like', () => {
    const line = fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), delivery), { maxLength: 30 });
    fc.assert(
      fc.property(line, (told) => {
        const encoder = createDeliveryEncoder();
        const decoder = createDeliveryDecoder();
        const heard: [number, Delivery][] = [];
        for (const [subscription, each] of told)
          for (const frame of encoder.encode(subscription, each)) {
            const parsed = parseDown(encodeFrame(frame));
            if (!parsed.ok) throw new Error(`${parsed.path}: ${parsed.message}`);
            const decoded = decoder.decode(parsed.frame as Parameters<typeof decoder.decode>[0]);
            if (decoded === undefined) throw new Error(`out of order: ${encodeFrame(frame)}`);
            if (decoded.delivery !== undefined) heard.push([decoded.subscription, decoded.delivery]);
          }
        expect(heard).toEqual(told);
      }),
      { numRuns: 2000 },
    );
  });

  it('any position is found again from any last one', () => {
    fc.assert(
      fc.property(fc.option(position, { nil: undefined }), position, (last, next) => {
        expect(decodePosition(last, encodePosition(last, next))).toBe(next);
      }),
      { numRuns: 2000 },
    );
  });

  it('aliases are given again, and never mean two messages at once', () => {
    const encoder = createDeliveryEncoder();
    const decoder = createDeliveryDecoder();
    const at = 'e.00000000001' as Position;
    for (const round of [1, 2, 3])
      for (let index = 0; index < 6000; index += 1) {
        const told: Delivery = {
          kind: 'append',
          serial: `s${index}` as Serial,
          version: 'v' as Version,
          data: String(round),
          offset: round,
          position: at,
        };
        const heard = encoder
          .encode(1, told)
          .map((frame) => decoder.decode(frame as Parameters<typeof decoder.decode>[0]));
        expect(heard.at(-1)?.delivery).toEqual(told);
      }
  });

  it('an append of a token takes less than 40 bytes beside its text', () => {
    const encoder = createDeliveryEncoder();
    const epoch = 'a-long-name-of-an-epoch';
    const at = (count: number) => (1_732_000_000_000 * 1024 + count * 31_000).toString(36).padStart(11, '0');
    const first = at(0);
    const whole: Message = {
      serial: first as Serial,
      version: first as Version,
      id: 'id',
      name: 'output',
      data: '',
      headers: {},
      timestamp: 0,
    };
    encoder.encode(7, { kind: 'message', message: whole, position: `${epoch}.${first}` as Position });
    let most = 0;
    for (let count = 1; count < 10_000; count += 1) {
      const frames = encoder.encode(7, {
        kind: 'append',
        serial: whole.serial,
        version: at(count) as Version,
        data: 'word',
        offset: count * 4,
        position: `${epoch}.${at(count)}` as Position,
      });
      expect(frames).toHaveLength(1);
      most = Math.max(most, ...frames.map((frame) => encodeFrame(frame).length - 'word'.length));
    }
    expect(most).toBeLessThan(40);
  });
});

describe('a standing', () => {
  it('I3 resumes at the last position with the lengths that it knows, and knows nothing after a gap', () => {
    const standing = createStanding();
    expect(standing.resume()).toEqual({});
    const base: Message = {
      serial: 's' as Serial,
      version: 'v' as Version,
      id: 'id',
      name: 'note',
      data: 'abc',
      headers: {},
      timestamp: 0,
    };
    standing.take({ kind: 'message', message: base, position: 'p1' as Position });
    standing.take({ kind: 'signal', signal });
    standing.take({
      kind: 'append',
      serial: base.serial,
      version: 'w' as Version,
      data: 'de',
      offset: 3,
      position: 'p2' as Position,
    });
    expect(standing.resume()).toEqual({ from: 'p2', known: new Map([['s', 5]]) });
    standing.take({ kind: 'gap', position: 'p3' as Position });
    expect(standing.resume()).toEqual({ from: 'p3', known: new Map() });
  });
});
