import {
  createChannelFold,
  type Delivery,
  type Message,
  type Position,
  type Serial,
  type Version,
} from '@holdfast/channel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRollUp } from '../../src/gateway/roll-up.ts';
import { createTestClock } from './test-clock.ts';

const at = (tick: number) => String(tick).padStart(5, '0');
const append = (tick: number, serial: string, offset: number, data: string): Delivery => ({
  kind: 'append',
  serial: serial as Serial,
  version: at(tick) as Version,
  data,
  offset,
  position: at(tick) as Position,
});

function rolled(windowMs: number) {
  const clock = createTestClock();
  const out: Delivery[] = [];
  let position: Position | undefined;
  const rollUp = createRollUp({
    windowMs,
    clock,
    position: () => position,
    emit(delivery) {
      out.push(delivery);
      if (delivery.kind !== 'signal') position = delivery.position;
    },
  });
  return { clock, rollUp, out };
}

describe('a roll-up', () => {
  it.each([0, 40, 500])('with a window of %i ms sends the first append at once', (windowMs) => {
    const { rollUp, out } = rolled(windowMs);
    rollUp.take(append(1, 's', 0, 'a'));
    expect(out).toEqual([append(1, 's', 0, 'a')]);
  });

  it.each([40, 500])('with a window of %i ms joins what comes within it', (windowMs) => {
    const { clock, rollUp, out } = rolled(windowMs);
    rollUp.take(append(1, 's', 0, 'a'));
    clock.pass(windowMs / 2);
    rollUp.take(append(2, 's', 1, 'b'));
    rollUp.take(append(3, 's', 2, 'cd'));
    clock.pass(windowMs / 2 - 1);
    expect(out).toHaveLength(1);
    clock.pass(1);
    expect(out[1]).toEqual({ ...append(3, 's', 1, 'bcd') });
    // The window is open again.
    rollUp.take(append(4, 's', 4, 'e'));
    expect(out).toHaveLength(2);
    clock.pass(windowMs);
    expect(out[2]).toEqual(append(4, 's', 4, 'e'));
    clock.pass(windowMs);
    rollUp.take(append(5, 's', 5, 'f'));
    expect(out[3]).toEqual(append(5, 's', 5, 'f'));
  });

  it('with no window joins nothing', () => {
    const { rollUp, out } = rolled(0);
    for (const tick of [1, 2, 3]) rollUp.take(append(tick, 's', tick, 'x'));
    expect(out).toHaveLength(3);
  });

  it('tells two messages apart, and reaches the newest position with the last of them', () => {
    const { clock, rollUp, out } = rolled(40);
    rollUp.take(append(1, 's', 0, 'a'));
    rollUp.take(append(2, 's', 1, 'b'));
    rollUp.take(append(3, 't', 7, 'x'));
    rollUp.take(append(4, 's', 2, 'c'));
    clock.pass(40);
    expect(out.slice(1)).toEqual([
      { ...append(4, 's', 1, 'bc'), position: at(1) },
      { ...append(3, 't', 7, 'x'), position: at(4) },
    ]);
  });

  it('lets nothing but signals overtake an append', () => {
    const { rollUp, out } = rolled(500);
    const signal: Delivery = {
      kind: 'signal',
      signal: { id: 'b', name: 'beat', data: null, headers: {}, timestamp: 0 },
    };
    const gap: Delivery = { kind: 'gap', position: at(9) as Position };
    rollUp.take(append(1, 's', 0, 'a'));
    rollUp.take(append(2, 's', 1, 'b'));
    rollUp.take(signal);
    rollUp.take(gap);
    expect(out.map(({ kind }) => kind)).toEqual(['append', 'signal', 'append', 'gap']);
  });

  it('I3 ends in the same state, and each of its positions misses nothing of what came before', () => {
    const step = fc.record({
      act: fc.constantFrom('append', 'append', 'append', 'message', 'pass'),
      serial: fc.constantFrom('s1', 's2', 's3'),
      text: fc.string({ maxLength: 4 }),
      ms: fc.integer({ min: 1, max: 60 }),
    });
    fc.assert(
      fc.property(fc.constantFrom(0, 40, 500), fc.array(step, { maxLength: 40 }), (windowMs, steps) => {
        const { clock, rollUp, out } = rolled(windowMs);
        const input: Delivery[] = [];
        const lengths = new Map<string, number>();
        let tick = 0;
        const take = (delivery: Delivery): void => {
          input.push(delivery);
          rollUp.take(delivery);
        };
        const whole = (serial: string, data: string): void => {
          tick += 1;
          const message: Message = {
            serial: serial as Serial,
            version: at(tick) as Version,
            id: serial,
            name: 'note',
            data,
            headers: {},
            timestamp: 0,
          };
          lengths.set(serial, data.length);
          take({ kind: 'message', message, position: at(tick) as Position });
        };
        for (const { act, serial, text, ms } of steps) {
          const length = lengths.get(serial);
          if (act === 'pass') clock.pass(ms);
          else if (act === 'message' || length === undefined) whole(serial, text);
          else {
            tick += 1;
            lengths.set(serial, length + text.length);
            take(append(tick, serial, length, text));
          }
        }
        clock.pass(500);
        expect(folded(out)).toEqual(folded(input));
        for (let cut = 1; cut <= out.length; cut += 1) {
          const told = out.slice(0, cut);
          const position = positionOf(told.at(-1));
          // Whoever goes on from here is told again what changed after it: nothing from before may be missing.
          const before = input.filter((delivery) => positionOf(delivery) <= position);
          expect(folded([...told, ...input])).toEqual(folded(input));
          for (const message of folded(before)) {
            const known = folded(told).find(({ serial }) => serial === message.serial);
            expect((known?.version ?? '') >= message.version).toBe(true);
          }
        }
      }),
      { numRuns: 1000 },
    );
  });
});

function positionOf(delivery: Delivery | undefined): string {
  return delivery === undefined || delivery.kind === 'signal' ? '' : delivery.position;
}

function folded(deliveries: readonly Delivery[]): readonly Message[] {
  const fold = createChannelFold();
  for (const delivery of deliveries) fold.apply(delivery);
  return fold.messages();
}
