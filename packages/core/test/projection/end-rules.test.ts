import { describe, expect, test } from 'vitest';
import { ANN, continues, end, run, T, text, W } from './session-script.ts';
import { openTalk } from './talk.ts';

const U = { clientId: 'u', claims: { role: 'agent' } };

describe('P11 a run ends once', () => {
  test('P11 a cancel below the first output: cancelled, and the outputs count nowhere', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    talk.cancel(ANN, 'q', { reason: 'changed my mind' });
    talk.append(talk.claim(W, 'q'), text('still') + end('complete'));
    expect(talk.run('q')).toMatchObject({
      status: 'cancelled',
      reason: 'changed my mind',
      attempts: 0,
      length: 0,
    });
    expect(talk.now.branch()).toEqual(['m-q']);
    expect(talk.now.path(run('q'))).toEqual([]);
  });

  test('P11 a cancel above it: cancelling until the end, which decides', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    const w = talk.claim(W, 'q');
    talk.append(w, text('Lis'));
    talk.cancel(ANN, 'q');
    expect(talk.run('q')?.status).toBe('cancelling');
    talk.append(w, end('complete'));
    expect(talk.run('q')?.status).toBe('complete');
  });

  test('P11 who takes a cancelled run over writes the end', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    const w = talk.append(talk.claim(W, 'q'), text('Lis'));
    talk.cancel(ANN, 'q');
    const t = talk.claim(T, 'q', { after: w.serial });
    talk.append(t, continues(w.serial, text('Lis').length) + end('cancelled'));
    expect(talk.run('q')?.status).toBe('cancelled');
    expect(talk.text('q').startsWith(text('Lis'))).toBe(true);
  });

  test('P11 what comes after the first end counts nowhere', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    const log = text('Lis') + end('error', 'model');
    talk.append(talk.claim(W, 'q'), log + 'bon' + end('complete'));
    expect(talk.run('q')).toMatchObject({ status: 'error', reason: 'model', length: log.length });
    expect(talk.text('q')).toBe(log);
  });

  test('P11 a suspended leg is no end: the next one goes on', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    const log = text('may I?') + end('suspended');
    const w = talk.append(talk.claim(W, 'q'), log);
    expect(talk.run('q')?.status).toBe('suspended');
    const t = talk.claim(T, 'q', { after: w.serial });
    expect(talk.run('q')?.status).toBe('active');
    const stated = continues(w.serial, log.length);
    talk.append(t, `${stated}yes${end('complete')}`);
    expect(talk.run('q')?.status).toBe('complete');
    expect(talk.text('q')).toBe(`${log}${stated}yes${end('complete')}`);
  });

  test('P11 lost is an end that an agent wrote', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    talk.append(talk.claim(W, 'q'), end('lost', 'out of attempts'));
    expect(talk.run('q')).toMatchObject({ status: 'lost', reason: 'out of attempts' });
  });
});

describe('P14 claims since the last progress', () => {
  test('P14 opening controls are none, text is', () => {
    const talk = openTalk();
    const count = () => talk.now.claimsWithoutProgress(run('q'));
    talk.ask(ANN, 'q');
    expect(count()).toBe(0);
    const w = talk.append(talk.claim(W, 'q'), text('Lis'));
    expect(count()).toBe(0);
    const t = talk.claim(T, 'q', { after: w.serial });
    talk.append(t, continues(w.serial, 0));
    const u = talk.claim(U, 'q', { after: t.serial });
    expect(count()).toBe(2);
    talk.append(u, continues(t.serial, 0) + 'x');
    expect(count()).toBe(0);
  });
});
