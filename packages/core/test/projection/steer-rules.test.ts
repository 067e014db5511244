import { control } from '@holdfast/codec';
import { describe, expect, test } from 'vitest';
import { ANN, answerTo, continues, end, T, text, W } from './session-script.ts';
import { openTalk } from './talk.ts';

describe('P19 a steer is delivered if a counted control says so', () => {
  const steered = () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    const w = talk.append(talk.claim(W, 'q'), text('Lis'));
    talk.steer(ANN, 's', 'q');
    return { talk, w };
  };
  const delivery = control(['put', 'steering', { id: 's', parts: [] }]);
  const outcome = (talk: ReturnType<typeof openTalk>) => talk.run('q')?.steers[0]?.outcome;

  test('P19 delivered: it is a part of the answer and no run', () => {
    const { talk, w } = steered();
    expect(outcome(talk)).toBe('pending');
    talk.append(w, delivery);
    expect(outcome(talk)).toBe('delivered');
    talk.append(w, end('complete'));
    expect(talk.run('s')).toBe(undefined);
    expect(talk.now.branch()).toEqual(['m-q', answerTo('q')]);
  });

  test('P19 at the run’s end an undelivered one is a queued run, after the answer', () => {
    const { talk, w } = steered();
    talk.append(w, end('complete'));
    expect(talk.run('q')?.steers).toEqual([{ record: 's', outcome: 'undelivered', why: 'complete' }]);
    expect(talk.run('s')?.status).toBe('queued');
    expect(talk.now.branch()).toEqual(['m-q', answerTo('q'), 'm-s']);
    talk.append(talk.claim(W, 's'), end('complete'));
    expect(talk.now.branch()).toEqual(['m-q', answerTo('q'), 'm-s', answerTo('s')]);
  });

  test('P19 a delivery that a restart took back is none', () => {
    const { talk, w } = steered();
    talk.append(w, delivery);
    talk.append(talk.claim(T, 'q', { after: w.serial }), continues(w.serial, 0));
    expect(outcome(talk)).toBe('pending');
  });

  test('P19 who stops the run stops what was said to it before, not what is said after', () => {
    const { talk, w } = steered();
    talk.cancel(ANN, 'q');
    talk.steer(ANN, 'later', 'q');
    talk.append(w, end('cancelled'));
    expect(talk.run('q')?.steers).toEqual([
      { record: 's', outcome: 'undelivered', why: 'cancelled' },
      { record: 'later', outcome: 'undelivered', why: 'cancelled' },
    ]);
    expect(talk.run('s')?.status).toBe('cancelled');
    expect(talk.run('later')?.status).toBe('queued');
  });
});
