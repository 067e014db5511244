import { describe, expect, test } from 'vitest';
import { ANN, answerTo, BEN, end, messageId, recordId, run, W } from './session-script.ts';
import { openTalk } from './talk.ts';

const edit = (id: string) => ({ edits: messageId(id) });

describe('the tree of messages', () => {
  const answered = () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    talk.append(talk.claim(W, 'q'), end('complete'));
    return talk;
  };

  test('an edit is a sibling, with branches of its own', () => {
    const talk = answered();
    talk.ask(ANN, 'r', { parent: answerTo('q') });
    talk.ask(ANN, 'q2', edit('m-q'));
    expect(talk.now.branch()).toEqual(['m-q2']);
    expect(talk.now.message(messageId('m-q'))?.siblings).toEqual(['m-q', 'm-q2']);
    const chosen = new Map([[null, messageId('m-q')]]);
    expect(talk.now.branch(chosen)).toEqual(['m-q', answerTo('q'), 'm-r']);
    expect(talk.now.lineage(messageId('m-r'))).toEqual(['m-q', answerTo('q'), 'm-r']);
    expect(talk.now.tip(chosen)).toBe(answerTo('r'));
  });

  test('two who write at once are no alternatives: the later follows the earlier’s answer', () => {
    const talk = answered();
    talk.ask(ANN, 'r', { parent: answerTo('q') });
    talk.ask(BEN, 's', { parent: answerTo('q') });
    expect(talk.now.branch()).toEqual(['m-q', answerTo('q'), 'm-r', 'm-s']);
    talk.append(talk.claim(W, 'r'), end('complete'));
    expect(talk.now.branch()).toEqual(['m-q', answerTo('q'), 'm-r', answerTo('r'), 'm-s']);
    expect(talk.now.message(messageId('m-s'))?.siblings).toEqual(['m-s']);
  });

  test('an edit stands beside what it edits, wherever that came to stand', () => {
    const talk = answered();
    talk.ask(ANN, 'r', { parent: answerTo('q') });
    talk.ask(BEN, 's', { parent: answerTo('q') });
    talk.ask(BEN, 's2', { parent: answerTo('q'), edits: messageId('m-s') });
    expect(talk.now.message(messageId('m-s2'))).toMatchObject({ parent: 'm-r', siblings: ['m-s', 'm-s2'] });
    expect(talk.now.branch()).toEqual(['m-q', answerTo('q'), 'm-r', 'm-s2']);
  });

  test('a message may follow an answer that is still to come, and stays where that never comes', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    talk.ask(ANN, 'r', { parent: answerTo('q') });
    expect(talk.now.branch()).toEqual(['m-q', 'm-r']);
    talk.cancel(ANN, 'q');
    expect(talk.now.branch()).toEqual(['m-q', 'm-r']);
    talk.append(talk.claim(W, 'r'), end('complete'));
    expect(talk.now.branch()).toEqual(['m-q', 'm-r', answerTo('r')]);
  });

  test('what follows a replaced input follows what stands for it', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    talk.ask(ANN, 'q2', { replaces: recordId('q') });
    talk.ask(ANN, 'r', { parent: messageId('m-q') });
    expect(talk.now.message(messageId('m-r'))?.parent).toBe('m-q2');
    talk.append(talk.claim(W, 'q2'), end('complete'));
    talk.ask(ANN, 's', { parent: answerTo('q') });
    expect(talk.now.message(messageId('m-s'))?.parent).toBe(answerTo('q2'));
  });

  test('P2 what followed it before it was replaced does not hang below the newer one', () => {
    const talk = answered();
    talk.ask(ANN, 'r', { parent: answerTo('q') });
    talk.ask(ANN, 's', { parent: answerTo('r') });
    talk.ask(ANN, 'r2', { parent: answerTo('q'), replaces: recordId('r') });
    expect(talk.now.message(messageId('m-s'))?.parent).toBe(answerTo('q'));
    expect(talk.now.branch()).toEqual(['m-q', answerTo('q'), 'm-s', 'm-r2']);
  });

  test('a message that was taken into a running answer is no run of its own', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    const w = talk.claim(W, 'q');
    talk.ask(ANN, 'r', { parent: answerTo('q'), delivery: 'steer' });
    talk.append(w, '\u001e["put","steering",{"id":"r","parts":[]}]\n');
    expect(talk.run('r')).toMatchObject({ status: 'complete', reason: 'given to a running answer' });
    expect(talk.now.open.map(({ id }) => id)).toEqual([]);
    expect(talk.now.run(run('q'))?.status).toBe('active');
  });

  test('P2 an answer takes in nothing that is older than its own question', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    talk.ask(ANN, 'r');
    talk.append(talk.claim(W, 'r'), '\u001e["put","steering",{"id":"q","parts":[]}]\n');
    expect(talk.run('q')?.status).toBe('queued');
  });
});
