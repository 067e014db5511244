import type { Citation } from './citation.ts';

/** The citations of one answer, numbered for its reader. */
export interface NumberedCitations {
  /** Each source once, in the order in which the text comes to them; sources without a place in it come last. */
  readonly sources: readonly { readonly number: number; readonly url: string; readonly title?: string }[];
  /** Where the numbers stand in the text, in its order. */
  readonly markers: readonly Marker[];
}

export interface Marker {
  /** After how many UTF-16 code units of the message's text. */
  readonly at: number;
  /** Numbers of `sources`, ascending. */
  readonly numbers: readonly number[];
}

/** Numbers the sources of an answer as they come up in its text, as footnotes are. */
export function numberCitations(citations: readonly Citation[]): NumberedCitations {
  const placed = citations.toSorted((a, b) => placeOf(a) - placeOf(b));
  const sources = new Map<string, { number: number; url: string; title?: string }>();
  const markers = new Map<number, Set<number>>();
  for (const { url, title, range } of placed) {
    const source = sources.get(url) ?? { number: sources.size + 1, url };
    sources.set(url, source);
    if (title !== undefined) source.title ??= title;
    if (range === undefined) continue;
    const numbers = markers.get(range.end) ?? new Set();
    markers.set(range.end, numbers.add(source.number));
  }
  return {
    sources: [...sources.values()],
    markers: [...markers].map(([at, numbers]) => ({ at, numbers: [...numbers].toSorted((a, b) => a - b) })),
  };
}

/**
 * A message's text cut at its markers: each piece with the numbers that stand after it. A marker inside a pair of
 * surrogates stands after the pair, one beyond the text at its end.
 */
export function splitAtMarkers(
  text: string,
  markers: readonly Marker[],
): readonly { readonly text: string; readonly numbers: readonly number[] }[] {
  const pieces: { readonly text: string; readonly numbers: readonly number[] }[] = [];
  let from = 0;
  for (const { at, numbers } of markers) {
    const end = Math.max(from, Math.min(text.length, isInsidePair(text, at) ? at + 1 : at));
    pieces.push({ text: text.slice(from, end), numbers });
    from = end;
  }
  return from < text.length ? [...pieces, { text: text.slice(from), numbers: [] }] : pieces;
}

function placeOf({ range }: Citation): number {
  return range?.end ?? Infinity;
}

function isInsidePair(text: string, at: number): boolean {
  return at > 0 && /^[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(text.slice(at - 1, at + 1));
}
