/**
 * Text as it survives every format on the way: msgpack knows no unpaired surrogates, and an append may end within a
 * pair. Such code units travel as U+0010 and four hexadecimal digits, as does U+0010 itself; what is joined stays right.
 */
const MARK = '\u0010';
const ODD = new RegExp(`\\p{Surrogate}|${MARK}`, 'gu');
const ESCAPED = new RegExp(`${MARK}([0-9a-f]{4})`, 'g');

export function encodeText(text: string): string {
  return text.replace(ODD, (unit) => `${MARK}${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

export function decodeText(text: string): string {
  return text.replace(ESCAPED, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)));
}
