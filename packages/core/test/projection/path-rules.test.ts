import { control } from '@holdfast/codec';
import { describe, expect, test } from 'vitest';
import { ANN, answerTo, continues, end, progress, run, serial, T, text, W } from './session-script.ts';
import { openTalk } from './talk.ts';

const U = { clientId: 'u', claims: { role: 'agent' } };

describe('P7 a run has one path', () => {
  test('P7 it starts at the lowest first output and goes on with the lowest successor', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    const w = talk.claim(W, 'q', { attempt: 7 });
    const t = talk.claim(T, 'q');
    const t2 = talk.claim(T, 'q', { after: w.serial });
    const u2 = talk.claim(U, 'q', { after: w.serial });
    const u3 = talk.claim(U, 'q', { after: t2.serial, attempt: 1 });
    talk.claim(T, 'q', { after: t.serial });
    talk.claim(T, 'q', { after: u2.serial });
    expect(talk.now.path(run('q')).map((link) => link.serial)).toEqual([w.serial, t2.serial, u3.serial]);
    expect(talk.run('q')).toMatchObject({ attempts: 3, agent: { clientId: 'u' } });
  });

  test('P7 another run’s output is no predecessor', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    talk.ask(ANN, 'r');
    const w = talk.claim(W, 'q');
    talk.claim(T, 'r', { after: w.serial });
    expect(talk.run('r')?.status).toBe('queued');
  });
});

describe('P8 the lowest claim has the run', () => {
  test('P8 a lower serial that shows up late takes the claim away', () => {
    const talk = openTalk();
    const question = talk.ask(ANN, 'q');
    const claim = talk.claim(W, 'q');
    expect(talk.run('q')?.agent?.clientId).toBe('w');
    const between = serial(`${question.serial}x`);
    talk.put({ ...claim, serial: between, id: claim.id.replace('c', 'd'), ...T });
    const path = talk.now.path(run('q'));
    expect(path.map(({ clientId }) => clientId)).toEqual(['t']);
  });

  test('P8 a claim alone is an active run that has said nothing', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    talk.claim(W, 'q', { log: control(['message', 'm', { role: 'assistant' }]) });
    expect(talk.run('q')?.status).toBe('active');
    expect(talk.now.message(answerTo('q'))?.parts).toEqual([]);
    expect(talk.now.claimsWithoutProgress(run('q'))).toBe(1);
  });
});

describe('P9 a successor states what stands', () => {
  const taken = (kept: number) => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    const w = talk.append(talk.claim(W, 'q'), 'one two');
    const t = talk.claim(T, 'q', { after: w.serial });
    const before = talk.text('q');
    const stated = talk.append(t, continues(w.serial, kept));
    return { talk, w, t: stated, before, statement: continues(w.serial, kept) };
  };

  test('P9 a link that has stated nothing yet is passed over', () => {
    const { before, talk, t } = taken(4);
    expect(before).toBe('one two');
    expect(talk.now.statement(run('q'))?.serial).toBe(t.serial);
  });

  test('P9 what the earlier writer adds past the stated length counts nowhere', () => {
    const { talk, w, t, statement } = taken(4);
    talk.append(w, ' three' + end('complete'));
    talk.append(t, '2');
    expect(talk.text('q')).toBe(`one ${statement}2`);
    expect(talk.run('q')?.status).toBe('active');
  });

  test('P9 length 0 restarts', () => {
    const { talk, statement } = taken(0);
    expect(talk.text('q')).toBe(statement);
    expect(talk.now.standing(run('q')).segments.length).toBe(1);
  });

  test('P9 a length beyond the data waits for the data', () => {
    const { talk, w, t, statement } = taken(9);
    talk.append(t, 'x');
    expect(talk.text('q')).toBe('one two');
    expect(talk.now.standing(run('q')).whole).toBe(false);
    talk.append(w, ' three');
    expect(talk.text('q')).toBe(`one two t${statement}x`);
    expect(talk.now.standing(run('q')).whole).toBe(true);
  });

  test('P9 a length inside a control or a surrogate pair counts back to its start', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    const w = talk.append(talk.claim(W, 'q'), `${progress}ab😀`);
    const first = talk.claim(T, 'q', { after: w.serial });
    talk.append(first, continues(w.serial, progress.length + 3));
    expect(talk.text('q')).toBe(`${progress}ab${continues(w.serial, progress.length + 3)}`);
    const second = talk.claim(U, 'q', { after: first.serial });
    talk.append(second, continues(w.serial, progress.length - 1));
    expect(talk.text('q')).toBe(continues(w.serial, progress.length - 1));
  });

  test('P9 nobody states a control that is only half there', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    talk.append(talk.claim(W, 'q'), 'one' + progress.slice(0, -1));
    expect(talk.now.statement(run('q'))?.length).toBe(3);
    expect(talk.run('q')?.length).toBe(3 + progress.length - 1);
  });

  test('P9 a length counts across links, over the whole of what stood', () => {
    const { talk, t, statement } = taken(4);
    talk.append(t, 'deux trois');
    const u = talk.claim(U, 'q', { after: t.serial });
    const stated = continues(t.serial, 4 + statement.length + 5);
    talk.append(u, stated);
    expect(talk.text('q')).toBe(`one ${statement}deux ${stated}`);
  });

  test('P9 an end in the stated part ends the run, whoever claims after it', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    const log = text('done') + end('complete');
    const w = talk.append(talk.claim(W, 'q'), log);
    const t = talk.claim(T, 'q', { after: w.serial });
    talk.append(t, continues(w.serial, log.length) + text('more'));
    expect(talk.run('q')?.status).toBe('complete');
    expect(talk.text('q')).toBe(log);
  });

  test('P9 a statement about what is no predecessor is none', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    const w = talk.append(talk.claim(W, 'q'), 'one');
    const t = talk.claim(T, 'q', { after: w.serial });
    talk.append(t, continues(serial('000099'), 0) + 'lost');
    expect(talk.text('q')).toBe('one');
    expect(talk.now.path(run('q')).map(({ stated }) => stated)).toEqual([true, false]);
  });
});

describe('P10 without a seal text may be shown for a moment', () => {
  test('P10 what is past the stated length is taken back in the change that states it', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    const w = talk.append(talk.claim(W, 'q'), 'one');
    const t = talk.claim(T, 'q', { after: w.serial });
    talk.append(w, ' two');
    expect(talk.change.appended).toEqual([{ run: 'q', offset: 3, text: ' two' }]);
    const stated = continues(w.serial, 3);
    talk.append(t, stated);
    expect(talk.change.retracted).toEqual([{ run: 'q', length: 3 }]);
    expect(talk.change.appended).toEqual([{ run: 'q', offset: 3, text: stated }]);
    talk.append(w, ' three');
    expect(talk.change).toMatchObject({ retracted: [], appended: [] });
  });
});
