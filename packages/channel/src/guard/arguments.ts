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
  if (typeof name !== 'string' || name.length > MAX_NAME || !/^[^\p{Cc}\p{Surrogate}]+$/u.test(name))
    invalid('name', `must be 1 to ${MAX_NAME} characters without controls or unpaired surrogates`);
}

export function checkAnnotationsQuery(serial: unknown, query: Pick<HistoryQuery, 'cursor' | 'limit'>): void {
  checkText(serial, 'serial');
  checkHistoryQuery(query);
}

export function checkHistoryQuery({ until, cursor, limit }: HistoryQuery): void {
  if (until !== undefined) checkText(until, 'query.until');
  if (cursor !== undefined) checkText(cursor, 'query.cursor');
  if (limit !== undefined && (!Number.isInteger(limit) || limit < 1 || limit > 1000))
    invalid('query.limit', 'must be a whole number from 1 to 1000');
}
