import { ChannelError } from '@holdfast/channel';
import pg from 'pg';
import { expect, it } from 'vitest';
import { isConnectionLost, isTransient, POSTGRES_ERRORS, toChannelError, toOpenError } from './errors.ts';

/** As the driver throws it. */
function serverError(state: string): Error {
  return Object.assign(new pg.DatabaseError('server: no', 0, 'error'), { severity: 'ERROR', code: state });
}

for (const [state, { condition, code, message, opening = code }] of POSTGRES_ERRORS)
  it(`${state} (${condition}) is ${code}`, () => {
    // A class stands for its members.
    const cause = serverError(state.padEnd(5, '9'));
    const error = toChannelError(cause);
    expect(error).toBeInstanceOf(ChannelError);
    expect(error).toMatchObject({ code, message, cause });
    expect(toOpenError(cause)).toMatchObject({ code: opening, message });
    // A sentence that says what happened or what to do.
    expect(message).toMatch(/^[A-Z].{20,}\.$/);
  });

it('what the network throws is unavailable, and nobody knows how far it got', () => {
  for (const error of [
    Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), {
      code: 'ECONNREFUSED',
      syscall: 'connect',
    }),
    Object.assign(new AggregateError([], ''), { code: 'ECONNREFUSED' }),
    Object.assign(new Error('write EPIPE'), { code: 'EPIPE', syscall: 'write' }),
    new Error('Connection terminated unexpectedly'),
    new Error('timeout exceeded when trying to connect'),
  ]) {
    expect(toChannelError(error)).toMatchObject({ code: 'unavailable', retryable: true, cause: error });
    expect(isConnectionLost(error)).toBe(true);
    expect(isConnectionLost(toChannelError(error))).toBe(true);
  }
});

it('tells what another try may mend from what it can not', () => {
  const transient = (state: string): boolean => isTransient(toChannelError(serverError(state)));
  expect(['40001', '40P01', '55P03', '57P01', '08006'].map(transient)).toEqual([
    true,
    true,
    true,
    true,
    true,
  ]);
  expect(['25006', '53100', '28P01', '42P01', '57014'].map(transient)).toEqual([
    false,
    false,
    false,
    false,
    false,
  ]);
});

it('what nobody foresaw is internal, with its cause; a ChannelError stays what it is', () => {
  const cause = new TypeError('oops');
  expect(toChannelError(cause)).toMatchObject({ code: 'internal', cause });
  expect(toChannelError(serverError('99999'))).toMatchObject({ code: 'internal' });
  const error = new ChannelError('conflict', 'No.');
  expect(toChannelError(error)).toBe(error);
  expect(toOpenError(error)).toBe(error);
});
