import type { Message, Serial } from '@holdfast/channel';
import { control, createLogFacts, standingLength } from '@holdfast/codec';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RunId } from '../ids.ts';
import type { ClaimEntry } from './entry.ts';
import { standingOf, standingText } from './standing.ts';

interface Written {
  /** Which earlier link it names, counted from the end; none says nothing. */
  readonly base: number | undefined;
  /** How much of what stood there, as a share. */
  readonly share: number;
  readonly pieces: readonly string[];
}

const piece = fc.constantFrom('one two', '😀', 'x', control(['open', 'text', {}]), control(0), '\u001e["cut');
const written: fc.Arbitrary<Written> = fc.record({
  base: fc.option(fc.nat({ max: 2 }), { nil: undefined }),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
  pieces: fc.array(piece, { maxLength: 4 }),
});

const serialOf = (index: number): Serial => String(index).padStart(3, '0') as Serial;

function link(index: number, data: string): ClaimEntry {
  const serial = serialOf(index);
  const message = { serial, data } as unknown as Message;
  const log = Object.assign(createLogFacts(data), { text: data });
  return { kind: 'output', serial, message, run: 'r' as RunId, log };
}

/** The rule as it is written: what stands is the stated part of what stood, and what the link says itself. */
function build(links: readonly Written[]): {
  readonly path: readonly ClaimEntry[];
  readonly expected: string;
} {
  const path: ClaimEntry[] = [];
  const stood: (string | undefined)[] = [];
  for (const [index, { base, share, pieces }] of links.entries()) {
    const own = pieces.join('');
    const named = index === 0 || base === undefined ? undefined : index - 1 - base;
    const past = named === undefined ? undefined : stood[named];
    if (named === undefined || past === undefined) {
      stood.push(index === 0 ? own : undefined);
      path.push(link(index, own));
      continue;
    }
    const length = Math.round(share * past.length);
    const data = control(['continue', serialOf(named), { length }]) + own;
    path.push(link(index, data));
    stood.push(past.slice(0, standingLength(past, length) ?? 0) + data);
  }
  return { path, expected: stood.findLast((text) => text !== undefined) ?? '' };
}

describe('P9 what stands of a path', () => {
  test('P9 it is what the newest statement keeps of what stood, and what follows it', () => {
    fc.assert(
      fc.property(fc.array(written, { minLength: 1, maxLength: 6 }), (links) => {
        const { path, expected } = build(links);
        const standing = standingOf(path);
        expect(standingText(standing)).toBe(expected);
        expect(standing).toMatchObject({ length: expected.length, whole: true });
      }),
      { numRuns: 3000 },
    );
  });

  test('P9 a statement that names no counted link counts as none', () => {
    const continues = (base: string): string => control(['continue', base, { length: 0 }]);
    const path = ['', 'silent', continues('001'), continues('009'), continues('000')].map((data, index) =>
      link(index, data),
    );
    expect(standingOf(path).counted.map(({ serial }) => serial)).toEqual(['000', '004']);
  });
});
