import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeVersion, encodeVersion } from './clock.ts';

it('I1 versions are ticks in base 36, and compare as they do', () => {
  const tick = fc.maxSafeNat();
  fc.assert(
    fc.property(tick, tick, (one, other) => {
      expect(encodeVersion(one)).toBe(one.toString(36).padStart(11, '0'));
      expect(decodeVersion(encodeVersion(one))).toBe(one);
      expect(encodeVersion(one) < encodeVersion(other)).toBe(one < other);
    }),
  );
});
