/**
 * Databases keep text as UTF-8, which has no unpaired surrogates, and some end it at U+0000 or refuse that. A string that
 * would not come back as it went in is stored as JSON behind a mark; so is one that begins with the mark.
 */
const MARK = '\u0001';

const UNPAIRED = /\p{Surrogate}/u;

/** A text as a database's text column can keep it. */
export function encodeText(text: string): string {
  const plain = !text.startsWith(MARK) && !text.includes('\0') && !UNPAIRED.test(text);
  return plain ? text : MARK + JSON.stringify(text);
}

/** What `encodeText` was given. */
export function decodeText(stored: string): string {
  return stored.startsWith(MARK) ? (JSON.parse(stored.slice(MARK.length)) as string) : stored;
}
