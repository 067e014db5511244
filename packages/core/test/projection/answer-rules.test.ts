import { control } from '@holdfast/codec';
import { describe, expect, test } from 'vitest';
import { ANN, BEN, continues, deviceId, run, T, W } from './session-script.ts';
import { openTalk } from './talk.ts';

const outcomes = (talk: ReturnType<typeof openTalk>, id = 'q') =>
  talk.now.answers(run(id)).map(({ record, outcome }) => [record, outcome]);
const call = control(['call', 'call', { name: 'pay' }]);
const ask = control(['ask', 'ask', { tool: 'call' }]);
const assign = control(['assign', 'call', { device: 'tab' }]);

describe('P17 answers count by the agent’s verdict', () => {
  test('P17 before it the first valid one by serial is provisional', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    const w = talk.append(talk.claim(W, 'q'), call + ask);
    talk.approve(BEN, 'b', 'q');
    talk.approve(ANN, 'a', 'q');
    expect(outcomes(talk)).toEqual([
      ['b', 'provisional'],
      ['a', 'superseded'],
    ]);
    talk.append(w, control(['answer', 'ask', { record: 'a', ok: true }]));
    expect(outcomes(talk)).toEqual([
      ['b', 'superseded'],
      ['a', 'counted'],
    ]);
  });

  test('P17 an answer to what nobody asked waits; one that is older than the question answers nothing', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    talk.approve(ANN, 'early', 'q');
    const w = talk.claim(W, 'q');
    talk.approve(ANN, 'a', 'q');
    expect(outcomes(talk).map(([, outcome]) => outcome)).toEqual(['waiting', 'waiting']);
    talk.append(w, call + ask);
    expect(outcomes(talk)).toEqual([
      ['early', 'waiting'],
      ['a', 'provisional'],
    ]);
  });

  test('P17 expiry compares the timestamp that the channel gave the record', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    const claim = talk.claim(W, 'q');
    // Timestamps go up by a second with every change: this is the third, the answers are the fourth and the fifth.
    talk.append(claim, call + control(['ask', 'ask', { tool: 'call', until: 4000 }]));
    talk.approve(BEN, 'in-time', 'q');
    talk.approve(ANN, 'late', 'q');
    expect(outcomes(talk)).toEqual([
      ['in-time', 'provisional'],
      ['late', 'expired'],
    ]);
  });

  test('P17 a client tool’s result counts only from the device that the log names', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    const w = talk.append(talk.claim(W, 'q'), call + assign);
    const answer = { type: 'output', output: 1 } as const;
    talk.approve(ANN, 'other', 'q', { answer, device: deviceId('phone') });
    talk.approve(ANN, 'a', 'q', { answer, device: deviceId('tab') });
    expect(outcomes(talk)).toEqual([
      ['other', 'elsewhere'],
      ['a', 'provisional'],
    ]);
    talk.append(w, control(['result', 'call', { output: 1, record: 'a' }]));
    expect(outcomes(talk)[1]).toEqual(['a', 'counted']);
  });

  test('P17 a verdict that no longer stands is none', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    const asked = call + ask;
    const w = talk.append(talk.claim(W, 'q'), asked);
    talk.approve(ANN, 'a', 'q');
    talk.append(w, control(['answer', 'ask', { record: 'a', ok: true }]));
    expect(outcomes(talk)).toEqual([['a', 'counted']]);
    talk.append(talk.claim(T, 'q', { after: w.serial }), continues(w.serial, asked.length));
    expect(outcomes(talk)).toEqual([['a', 'provisional']]);
  });
});
