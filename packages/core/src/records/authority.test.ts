import { describe, expect, test } from 'vitest';
import type { SessionRecord } from '../records.ts';
import type { Role } from '../snapshot.ts';
import { AUTHORITY, AUTHORITY_VERSION, mayChange, mayPublish, mayWrite, roleOf } from './authority.ts';

const user = { id: 'm', role: 'user', parts: [] } as const;
const run = 'r' as Extract<SessionRecord, { kind: 'cancel' }>['run'];

describe('I16 who may publish what', () => {
  test('I16 the table, as version 1 has it', () => {
    // A change here is a change of the protocol: clients of both versions must be able to tell (P5).
    expect(AUTHORITY_VERSION).toBe(1);
    expect(AUTHORITY).toEqual({
      input: ['agent', 'staff', 'participant'],
      regenerate: ['staff', 'participant'],
      output: ['agent'],
      cancel: ['agent', 'staff', 'participant'],
      answer: ['staff', 'participant'],
      steer: ['staff', 'participant'],
      state: ['agent', 'staff', 'participant'],
      floor: ['agent', 'staff', 'participant'],
    });
  });

  test('I16 agents alone write outputs, and change nothing else', () => {
    const roles: readonly Role[] = ['agent', 'staff', 'participant'];
    expect(roles.filter((role) => mayPublish(role, 'output'))).toEqual(['agent']);
    expect(roles.filter((role) => mayChange(role, 'output'))).toEqual(['agent']);
    expect(roles.filter((role) => mayChange(role, 'input'))).toEqual([]);
  });

  test('P5 a role is what claims.role says, and nothing else', () => {
    expect(roleOf(undefined)).toBe('participant');
    expect(roleOf({ role: 'agent' })).toBe('agent');
    expect(roleOf({ role: 'staff' })).toBe('staff');
    expect(roleOf({ role: 'admin' })).toBe('participant');
    expect(roleOf({ role: ['agent'] })).toBe('participant');
    expect(roleOf({ roles: 'agent' })).toBe('participant');
  });

  const cases: readonly (readonly [string, SessionRecord, readonly Role[]])[] = [
    ['a user’s message', { kind: 'input', message: user, parent: null }, ['agent', 'staff', 'participant']],
    [
      'a message in the assistant’s name',
      { kind: 'input', message: { ...user, role: 'assistant' }, parent: null },
      ['agent', 'staff'],
    ],
    [
      'a tool call of one’s own',
      {
        kind: 'steer',
        run,
        message: { ...user, parts: [{ type: 'tool', callId: 'c', name: 'n', state: 'proposed' }] },
      },
      ['staff'],
    ],
    ['taking the floor', { kind: 'floor', act: 'take' }, ['staff']],
    ['asking for it', { kind: 'floor', act: 'ask' }, ['agent', 'staff', 'participant']],
    ['one key of the state', { kind: 'state', key: 'k', value: 1 }, ['agent', 'staff', 'participant']],
    ['a checkpoint', { kind: 'state', key: '', all: {} }, ['agent']],
    [
      'an approval',
      { kind: 'answer', run, callId: 'c', answer: { type: 'approval', approvalId: 'a', ok: true } },
      ['staff', 'participant'],
    ],
    ['a cancel', { kind: 'cancel', run }, ['agent', 'staff', 'participant']],
  ];
  test.each(cases)('I16 %s', (_, record, allowed) => {
    for (const role of ['agent', 'staff', 'participant'] as const) {
      expect(mayWrite(role, record) === undefined, role).toBe(allowed.includes(role));
    }
  });
});
