import type { HistoryQuery } from '../contract.ts';
import { ChannelError } from '../errors.ts';

const MAX_NAME = 512;

export function invalid(path: string, message: string): never {
  throw new ChannelError('invalid', `${path}: ${message}`, { path });
}

export function checkText(value: unknown, path: string): void {
  if (typeof value !== 'string' || value === '') invalid(path, 'must be a non-empty string');
}

/** A channel's name: 1 to 512 characters, none of them a control character. */
export function checkName(name: string): void {
  checkText(name, 'name');
  if (name.length > MAX_NAME) invalid('name', `must have at most ${MAX_NAME} characters`);
  if (/\p{Cc}|\p{Surrogate}/u.test(name))
    invalid('name', 'must have no control characters or unpaired surrogates');
}

export function checkHistoryQuery(query: HistoryQuery): void {
  if (query.until !== undefined) checkText(query.until, 'query.until');
  checkPaging(query);
}

export function checkAnnotationsQuery(
  serial: unknown,
  query: { readonly cursor?: unknown; readonly limit?: unknown },
): void {
  checkText(serial, 'serial');
  checkPaging(query);
}

function checkPaging({ cursor, limit }: { readonly cursor?: unknown; readonly limit?: unknown }): void {
  if (cursor !== undefined) checkText(cursor, 'query.cursor');
  if (limit !== undefined && (!Number.isInteger(limit) || Number(limit) < 1 || Number(limit) > 1000))
    invalid('query.limit', 'must be a whole number from 1 to 1000');
}
