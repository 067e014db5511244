import { ChannelError } from '@holdfast/channel';
import { expect, it } from 'vitest';
import { meaningOf, REDIS_ERRORS, toChannelError, UNANSWERED } from './errors.ts';

for (const { sign, code, message, passes } of REDIS_ERRORS)
  it(`${sign} is ${code}`, () => {
    // As Redis and the libraries throw it: by text, by class, by name, by Node's code.
    class Named extends Error {
      override readonly name = sign;
    }
    const byText = new Error(`${sign}${sign.endsWith('.') ? '' : ' and more'}`);
    for (const cause of [
      byText,
      new Named('something'),
      Object.assign(new Error('connect'), { code: sign }),
    ]) {
      const error = toChannelError(cause);
      expect(error).toBeInstanceOf(ChannelError);
      expect(error).toMatchObject({ code, message, cause });
      // A sentence that says what happened or what to do.
      expect(message).toMatch(/^[A-Z].{20,}\.$/);
      // What is tried again by itself can be tried again by the caller.
      if (passes) expect(error.retryable).toBe(true);
    }
  });

it('a word that only begins like a sign is something else', () => {
  expect(meaningOf(new Error('OOMPH')).code).toBe('internal');
  expect(meaningOf(new Error('BUSYGROUP Consumer Group name already exists')).code).toBe('internal');
});

it('what nobody foresaw is internal, with its cause', () => {
  const cause = new TypeError('oops');
  expect(toChannelError(cause)).toMatchObject({ code: 'internal', cause });
  expect(toChannelError('a string')).toMatchObject({ code: 'internal', cause: 'a string' });
});

it('a ChannelError stays what it is, and another meaning may be given', () => {
  const error = new ChannelError('conflict', 'No.');
  expect(toChannelError(error)).toBe(error);
  expect(toChannelError(new Error('x'), UNANSWERED)).toMatchObject({ code: 'unknown_outcome' });
});
