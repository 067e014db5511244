import { describe, expect, test } from 'vitest';
import { parseRecord } from '../../src/records/parse.ts';
import {
  ANN,
  answerTo,
  BEN,
  deviceId,
  end,
  messageId,
  recordId,
  run,
  serial,
  STAFF,
  text,
  W,
} from './session-script.ts';
import { openTalk } from './talk.ts';

const codes = (talk: ReturnType<typeof openTalk>) =>
  talk.now.refusals.map(({ record, code }) => [record, code]);

describe('P1 state depends on what stands, not on how it came to be', () => {
  test('P1 an end that was written over never was', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    const output = talk.append(talk.claim(W, 'q'), text('Lisbon') + end('error'));
    expect(talk.run('q')?.status).toBe('error');
    talk.rewrite(output, text('Lisbon has two'));
    expect(talk.run('q')?.status).toBe('active');
    expect(talk.text('q')).toBe(text('Lisbon has two'));
  });

  test('P1 text that was written over with as much text is taken back', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    const output = talk.append(talk.claim(W, 'q'), 'Lisbon');
    talk.rewrite(output, 'London');
    expect(talk.text('q')).toBe('London');
    expect(talk.change.retracted).toEqual([{ run: 'q', length: 1 }]);
    expect(talk.change.appended).toEqual([{ run: 'q', offset: 1, text: 'ondon' }]);
  });

  test('P1 an older sight of a message changes nothing', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    const claim = talk.claim(W, 'q');
    talk.append(claim, text('Lisbon') + end('complete'));
    const change = talk.now.apply(claim);
    expect(change).toMatchObject({ appended: [], retracted: [], tree: false });
    expect(talk.run('q')?.status).toBe('complete');
  });
});

describe('P2 a record counts only if what it refers to is older', () => {
  test('P2 a cancel that was stored before the question does not stop it', () => {
    const talk = openTalk();
    talk.cancel(ANN, 'q');
    talk.cancel(BEN, 'q');
    talk.ask(ANN, 'q');
    expect(talk.run('q')?.status).toBe('queued');
    expect(codes(talk)).toEqual([]);
  });

  test('P2 an output that was stored before the question is no claim on it', () => {
    const talk = openTalk();
    talk.append(talk.claim(W, 'q'), text('too early'));
    talk.ask(ANN, 'q');
    expect(talk.run('q')?.status).toBe('queued');
    expect(talk.text('q')).toBe('');
  });

  test('P2 an input replaces no newer one', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q2', { replaces: recordId('q') });
    talk.ask(ANN, 'q');
    expect(talk.now.runs.map(({ id, status }) => [id, status])).toEqual([
      ['q2', 'queued'],
      ['q', 'queued'],
    ]);
    expect(talk.now.branch()).toEqual(['m-q2', 'm-q']);
  });

  test('P2 an output names no newer one as its predecessor', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    const early = talk.claim(W, 'q', { after: serial('000003') });
    const first = talk.claim(W, 'q');
    expect([early.serial < first.serial, first.serial]).toEqual([true, '000003']);
    expect(talk.now.path(run('q')).map((link) => link.serial)).toEqual([first.serial]);
  });

  test('P2 a message does not hang below a newer one', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q', { parent: messageId('m-r') });
    talk.ask(ANN, 'r', { parent: messageId('m-q') });
    expect(talk.now.message(messageId('m-q'))?.parent).toBe(null);
    expect(talk.now.branch()).toEqual(['m-q', 'm-r']);
  });
});

describe('P3 a queued input is changed by a new one', () => {
  test('P3 below the first output it stands for the old one', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    talk.ask(ANN, 'q2', { replaces: recordId('q') });
    expect(talk.run('q')).toMatchObject({ status: 'cancelled', reason: 'replaced' });
    expect(talk.run('q2')?.status).toBe('queued');
    expect(talk.now.branch()).toEqual(['m-q2']);
  });

  test('P3 above it, it is late, and told so', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    talk.claim(W, 'q');
    talk.ask(ANN, 'q2', { replaces: recordId('q') });
    expect(talk.run('q')?.status).toBe('active');
    expect(talk.run('q2')).toBe(undefined);
    expect(codes(talk)).toEqual([['q2', 'late']]);
  });

  test('P3 nobody else replaces it, but staff', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    talk.ask(BEN, 'q2', { replaces: recordId('q') });
    expect(talk.run('q')?.status).toBe('queued');
    expect(codes(talk)).toEqual([['q2', 'forbidden']]);
    talk.ask(STAFF, 'q3', { replaces: recordId('q') });
    expect(talk.run('q')?.status).toBe('cancelled');
    expect(talk.run('q3')?.status).toBe('queued');
  });

  test('P3 of two that replace it the first counts', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    talk.ask(ANN, 'q2', { replaces: recordId('q') });
    talk.ask(ANN, 'q3', { replaces: recordId('q') });
    expect(talk.now.branch()).toEqual(['m-q2']);
    expect(codes(talk)).toEqual([['q3', 'late']]);
  });
});

describe('P4 of creates with one id the lowest serial counts', () => {
  test('P4 a repeat by another publisher is a conflict', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    talk.ask(BEN, 'q');
    expect(talk.run('q')?.author.clientId).toBe('ann');
    expect(codes(talk)).toEqual([['q', 'conflict']]);
  });

  test('P4 a repeat that says the same is none', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    talk.ask(ANN, 'q');
    expect(codes(talk)).toEqual([]);
    expect(talk.now.runs.length).toBe(1);
  });

  test('P4 the same holds for the ids of messages', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    talk.ask(BEN, 'r', { message: { id: 'm-q', role: 'user', parts: [] } });
    expect(talk.run('r')).toBe(undefined);
    expect(talk.now.message(messageId('m-q'))?.author.clientId).toBe('ann');
    expect(codes(talk)).toEqual([['r', 'conflict']]);
  });

  test('P4 nobody takes the id that an answer will have', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    talk.ask(BEN, 'r', { message: { id: answerTo('q'), role: 'user', parts: [] } });
    expect(codes(talk)).toEqual([['r', 'conflict']]);
  });
});

describe('P5 stamped claims alone say who is an agent, staff or a participant', () => {
  test('P5 a participant does not answer, whatever name it gives itself', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    const forged = talk.append(talk.claim({ clientId: 'agent' }, 'q', { agent: 'agent' }), text('forged'));
    expect(talk.run('q')?.status).toBe('queued');
    expect(codes(talk)).toEqual([[forged.id, 'forbidden']]);
  });

  test('P5 a participant speaks as a user, without tool calls', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q', { message: { id: 'm', role: 'system', parts: [] } });
    talk.ask(ANN, 'r', {
      message: { id: 'm', role: 'user', parts: [{ type: 'tool', callId: 'c', name: 'n', state: 'result' }] },
    });
    expect(codes(talk)).toEqual([
      ['q', 'forbidden'],
      ['r', 'forbidden'],
    ]);
    expect(talk.now.branch()).toEqual([]);
  });

  test('P5 whose run it is not does not end it; staff and agents may', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    const refused = talk.cancel(BEN, 'q');
    expect(talk.run('q')?.status).toBe('queued');
    expect(codes(talk)).toEqual([[refused.id, 'forbidden']]);
    talk.cancel(STAFF, 'q');
    expect(talk.run('q')?.status).toBe('cancelled');
  });
});

describe('P6 a device routes, and gives no right', () => {
  test('P6 the asker stops its run from any device, nobody by naming the asker’s', () => {
    const talk = openTalk();
    const fields = { device: deviceId('phone') };
    talk.ask(ANN, 'q', fields);
    expect(talk.run('q')?.device).toBe('phone');
    talk.ask(BEN, 'r', fields);
    talk.cancel(BEN, 'q');
    expect(talk.run('q')?.status).toBe('queued');
    talk.cancel(ANN, 'q');
    expect(talk.run('q')?.status).toBe('cancelled');
    expect(talk.run('r')?.status).toBe('queued');
  });
});

test('an output whose id says another place than its headers is none', () => {
  const talk = openTalk();
  talk.ask(ANN, 'q');
  const claim = talk.claim(W, 'r');
  const headers = { ...claim.headers, run: 'q' };
  talk.put({ ...claim, serial: serial('000009'), id: `x${claim.id}`, headers });
  expect(talk.run('q')?.status).toBe('queued');
  expect(codes(talk)).toEqual([[`x${claim.id}`, 'invalid']]);
});

test('a record of a later version is ignored and kept', () => {
  const talk = openTalk();
  const message = talk.ask(ANN, 'q');
  const later = talk.put({ ...message, serial: serial('000009'), id: 'x', name: 'poll' });
  expect(parseRecord(later)).toEqual({ ok: false, reason: 'unknown' });
  expect(talk.now.unknown).toEqual([later]);
});
