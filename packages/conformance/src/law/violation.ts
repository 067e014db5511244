import { canonical } from './canonical.ts';

/** A law does not hold. The message says what was seen and what should have been. */
export class LawViolation extends Error {
  override readonly name = 'LawViolation';
}

export function violated(message: string): never {
  throw new LawViolation(message);
}

export function holds(condition: boolean, message: string): asserts condition {
  if (!condition) violated(message);
}

/** Compares as JSON values: order of keys and fields that are undefined don't matter. */
export function same(actual: unknown, expected: unknown, what: string): void {
  const [seen, wanted] = [canonical(actual), canonical(expected)];
  if (seen !== wanted) violated(`${what}: expected ${clip(wanted, seen)}, got ${clip(seen, wanted)}`);
}

/** Long texts are shown around the first difference. */
function clip(text: string, other: string): string {
  if (text.length <= 600) return text;
  let index = 0;
  while (index < text.length && text[index] === other[index]) index += 1;
  const from = Math.max(0, index - 200);
  return `${from > 0 ? '…' : ''}${text.slice(from, index + 300)}… (${text.length} characters, differs at ${index})`;
}
