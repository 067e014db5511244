import type { Cursor } from '@holdfast/channel';
import { refusal } from '../protocol/errors.ts';
import type { RestRequest, RestResponse } from './request.ts';

const DEFAULT = 100;
const MOST = 1000;

/** @throws AblyError */
export function readLimit({ query }: RestRequest): number {
  const limit = Number(query.get('limit') ?? DEFAULT);
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST)
    throw refusal('badRequest', `limit must be a whole number from 1 to ${MOST}.`);
  return limit;
}

/** The engine's cursor, where a client follows a link that it was given. */
export function readCursor({ query }: RestRequest): Cursor | undefined {
  const cursor = query.get('cursor');
  return cursor === null ? undefined : (cursor as Cursor);
}

export function pageOf(
  { query }: RestRequest,
  body: readonly unknown[],
  cursor: string | undefined,
): RestResponse {
  if (cursor === undefined) return { body };
  const next = new URLSearchParams(query);
  next.set('cursor', cursor);
  return { body, next };
}

/** The Link header: the client takes only addresses that are relative to the last word of the path. */
export function linkHeader(
  path: readonly string[],
  query: URLSearchParams,
  next: URLSearchParams | undefined,
): string {
  const word = encodeURIComponent(path.at(-1) ?? '');
  const first = new URLSearchParams(query);
  first.delete('cursor');
  const link = (to: URLSearchParams, rel: string): string => `<./${word}?${to.toString()}>; rel="${rel}"`;
  return [
    link(first, 'first'),
    link(query, 'current'),
    ...(next === undefined ? [] : [link(next, 'next')]),
  ].join(', ');
}
