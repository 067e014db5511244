import { expect, it } from 'vitest';
import { CHANNEL_ERROR_CODES, ChannelError, isChannelError } from './errors.ts';

it('derives retryable from the code alone', () => {
  const retryable = CHANNEL_ERROR_CODES.filter((code) => new ChannelError(code, 'x').retryable);
  expect(retryable).toEqual(['rate_limited', 'storage_full', 'unavailable', 'unknown_outcome']);
});

it('keeps the cause and the path', () => {
  const cause = new Error('below');
  const error = new ChannelError('invalid', 'No.', { cause, path: 'operations[0].draft.id' });
  expect(error.cause).toBe(cause);
  expect(error.path).toBe('operations[0].draft.id');
  expect('cause' in new ChannelError('closed', 'No.')).toBe(false);
});

it('recognises channel errors of another copy of the package', () => {
  expect(isChannelError(new ChannelError('closed', 'No.'))).toBe(true);
  expect(isChannelError(new Error('No.'))).toBe(false);
});
