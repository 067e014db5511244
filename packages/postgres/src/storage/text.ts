/**
 * Postgres keeps text as UTF-8 without U+0000, which has no unpaired surrogates either. A string that would not come back
 * as it went in is stored as JSON behind a mark; so is one that begins with the mark.
 */
const MARK = '\u0001';

const UNPAIRED = /\p{Surrogate}/u;

export function encodeText(text: string): string {
  const plain = !text.startsWith(MARK) && !text.includes('\0') && !UNPAIRED.test(text);
  return plain ? text : MARK + JSON.stringify(text);
}

export function decodeText(stored: string): string {
  return stored.startsWith(MARK) ? (JSON.parse(stored.slice(MARK.length)) as string) : stored;
}
