import { describe, expect, test } from 'vitest';
import { ANN, answerTo, BEN, end, messageId, run, T, text, W } from './session-script.ts';
import { openTalk } from './talk.ts';

describe('P21 regenerating and cancelling', () => {
  test('P21 regenerating an unfinished run cancels it; its answers are siblings', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    const w = talk.append(talk.claim(W, 'q'), text('Lis'));
    talk.regenerate(ANN, 'again', 'm-q');
    expect(talk.run('q')).toMatchObject({ status: 'cancelling', reason: 'regenerated' });
    expect(talk.run('again')?.status).toBe('queued');
    talk.append(w, end('cancelled'));
    talk.append(talk.claim(W, 'again'), text('Por') + end('complete'));
    expect(talk.now.message(answerTo('q'))?.siblings).toEqual([answerTo('q'), answerTo('again')]);
    expect(talk.now.branch()).toEqual(['m-q', answerTo('again')]);
    const chosen = new Map([[messageId('m-q'), answerTo('q')]]);
    expect(talk.now.branch(chosen)).toEqual(['m-q', answerTo('q')]);
  });

  test('P21 a finished run is left as it is', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    talk.append(talk.claim(W, 'q'), end('complete'));
    talk.regenerate(ANN, 'again', 'm-q');
    expect(talk.run('q')?.status).toBe('complete');
  });

  test('P21 another participant may ask again, and stops nothing by it', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    talk.append(talk.claim(W, 'q'), text('Lis'));
    talk.regenerate(BEN, 'again', 'm-q');
    expect(talk.run('q')?.status).toBe('active');
    expect(talk.run('again')?.status).toBe('queued');
  });

  const withSubs = () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    talk.claim(W, 'q');
    talk.ask(W, 'sub', { parentRun: run('q') });
    talk.ask(T, 'subsub', { parentRun: run('sub') });
    return talk;
  };

  test('P21 a cancel reaches the tree of sub-runs', () => {
    const talk = withSubs();
    talk.cancel(ANN, 'q');
    expect(talk.now.runs.map(({ status }) => status)).toEqual(['cancelling', 'cancelled', 'cancelled']);
  });

  test('P21 unless it says only', () => {
    const talk = withSubs();
    talk.cancel(ANN, 'q', { only: true });
    expect(talk.now.runs.map(({ status }) => status)).toEqual(['cancelling', 'queued', 'queued']);
  });

  test('P21 a participant’s question is nobody’s sub-run', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    talk.ask(BEN, 'r', { parentRun: run('q') });
    talk.cancel(ANN, 'r');
    talk.cancel(ANN, 'q');
    expect(talk.now.runs.map(({ status }) => status)).toEqual(['cancelled', 'queued']);
    expect(talk.run('r')?.parentRun).toBe(undefined);
  });

  test('P21 of several that stop a run the first says why', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    talk.regenerate(ANN, 'again', 'm-q');
    talk.cancel(ANN, 'q', { reason: 'too late' });
    expect(talk.run('q')).toMatchObject({ status: 'cancelled', reason: 'regenerated' });
  });

  test('P21 the asker may stop what was asked on its behalf, and what agents ask each other is on no branch', () => {
    const talk = withSubs();
    talk.cancel(ANN, 'sub');
    expect(talk.now.runs.map(({ status }) => status)).toEqual(['active', 'cancelled', 'cancelled']);
    expect(talk.now.branch()).toEqual(['m-q', answerTo('q')]);
    expect(talk.now.message(messageId('m-sub'))?.siblings).toEqual(['m-sub']);
  });
});
