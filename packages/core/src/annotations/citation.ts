import type { Annotation, AnnotationDraft, CountsSummary, JsonValue } from '@holdfast/channel';
import { compact, isObject } from '@holdfast/codec';
import { SessionError } from '../errors.ts';
import { add, summaryOf, type Annotated } from './kind.ts';

/** A source that an answer rests on, and which of its words rest on it. */
export interface Citation {
  /** An absolute URL. */
  readonly url: string;
  readonly title?: string;
  /**
   * First and last character of what the source supports, `end` exclusive: UTF-16 code units of the message's text, which is
   * its text parts one after the other. Absent where the source stands for the whole answer.
   */
  readonly range?: { readonly start: number; readonly end: number };
  /** The passage of the source that says so. */
  readonly quote?: string;
}

/** Counted by site, so that a page can say "3 from wikipedia.org" without reading each. */
export const CITATIONS = 'citations:multiple.v1';

/**
 * The annotation that says a citation. To say the same again about the same message changes nothing, so an agent that takes
 * a run over may cite anew.
 *
 * @throws SessionError `invalid` for a URL that isn't absolute and for a range that isn't one
 */
export function cite({ url, title, range, quote }: Citation): AnnotationDraft {
  const name = siteOf(url);
  if (name === undefined)
    throw new SessionError('invalid', `A citation needs an absolute URL, not "${url}".`);
  if (range !== undefined && !isRange(range))
    throw new SessionError('invalid', `A citation's range is of whole numbers, its start before its end.`);
  const where = range === undefined ? '' : `${range.start}-${range.end}`;
  const data = compact<{ [field: string]: JsonValue }>({
    url,
    title,
    start: range?.start,
    end: range?.end,
    quote,
  });
  return add(`cite ${where} ${url}`, { type: CITATIONS, name, data });
}

/** What a citation's annotation says; undefined for annotations of other types and for what no `cite` wrote. */
export function readCitation({ type, action, data }: Annotation): Citation | undefined {
  if (type !== CITATIONS || action !== 'add' || !isObject(data)) return undefined;
  const { url, title, start, end, quote } = data;
  if (typeof url !== 'string' || siteOf(url) === undefined) return undefined;
  const range = { start, end };
  return {
    url,
    ...(typeof title === 'string' && { title }),
    ...(isRange(range) && { range }),
    ...(typeof quote === 'string' && { quote }),
  };
}

/** How often a message cites each site, most cited first. */
export function citedSites(message: Annotated): readonly { readonly site: string; readonly count: number }[] {
  const sites = summaryOf<Readonly<Record<string, CountsSummary>>>(message, CITATIONS) ?? {};
  return Object.entries(sites)
    .map(([site, { total }]) => ({ site, count: total }))
    .toSorted((a, b) => b.count - a.count || (a.site < b.site ? -1 : 1));
}

/** The site of a URL as people know it: its host without `www.`; the scheme for URLs that have no host. */
function siteOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { hostname, protocol } = new URL(url);
  return hostname.replace(/^www\./, '') || protocol;
}

function isRange(range: {
  readonly start: unknown;
  readonly end: unknown;
}): range is { readonly start: number; readonly end: number } {
  const { start, end } = range;
  return isCount(start) && isCount(end) && start < end;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
