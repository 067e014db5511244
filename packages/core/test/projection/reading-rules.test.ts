import { describe, expect, test } from 'vitest';
import { project } from './dump.ts';
import {
  ANN,
  answerTo,
  BEN,
  continues,
  end,
  messageId,
  run,
  serial,
  STAFF,
  T,
  text,
  W,
} from './session-script.ts';
import { openTalk } from './talk.ts';

describe('P25 a reader knows how far it has to read', () => {
  test('P25 the newest horizon that an agent wrote counts', () => {
    const talk = openTalk();
    const q = talk.ask(ANN, 'q');
    talk.claim(W, 'q', { horizon: q.serial });
    const r = talk.ask(ANN, 'r');
    talk.claim(W, 'r', { horizon: r.serial });
    talk.claim({ clientId: 'forger' }, 'r', { horizon: serial('999999') });
    expect(talk.now.horizon).toBe(r.serial);
  });

  test('P25 a writer states the lowest serial that is still needed', () => {
    const talk = openTalk();
    const q = talk.ask(ANN, 'q');
    const w = talk.claim(W, 'q');
    const r = talk.ask(ANN, 'r');
    expect(talk.now.opening).toEqual({ horizon: q.serial, floor: 'agents' });
    talk.append(w, end('complete'));
    expect(talk.now.opening).toEqual({ horizon: r.serial, floor: 'agents' });
    talk.append(talk.claim(W, 'r'), end('complete'));
    expect(talk.now.opening).toEqual({ floor: 'agents' });
    const taken = talk.floor(STAFF, 'take');
    expect(talk.now.opening).toEqual({ horizon: taken.serial, floor: 'person:sam' });
  });

  test('P25 the state rests on its checkpoint', () => {
    const talk = openTalk();
    const first = talk.say(ANN, 's1', { kind: 'state', key: 'a', value: 1 });
    talk.say(ANN, 's2', { kind: 'state', key: 'b', value: 2 });
    expect(talk.now.opening.horizon).toBe(first.serial);
    const all = talk.say(W, 's3', { kind: 'state', key: '', all: { a: 1, b: 2 } });
    expect(talk.now.opening).toEqual({ horizon: all.serial, floor: 'agents', checkpoint: all.serial });
    talk.say(ANN, 's4', { kind: 'state', key: 'a' });
    expect(talk.now.state).toEqual({ b: 2 });
    const late = project(talk.messages.filter((message) => message.serial >= all.serial));
    expect(late.state).toEqual({ b: 2 });
  });

  test('P25 a checkpoint states the whole: what it leaves out is gone', () => {
    const talk = openTalk();
    talk.say(ANN, 's1', { kind: 'state', key: 'a', value: 1 });
    talk.say(W, 's2', { kind: 'state', key: '', all: { b: 2 } });
    expect(talk.now.state).toEqual({ b: 2 });
  });

  test('P25 a checkpoint speaks of the state at one place, and what was written since then stands', () => {
    const talk = openTalk();
    const first = talk.say(ANN, 's1', { kind: 'state', key: 'a', value: 1 });
    talk.say(BEN, 's2', { kind: 'state', key: 'b', value: 2 });
    const all = talk.say(W, 's3', { kind: 'state', key: '', all: { a: 1 }, upTo: first.serial });
    expect(talk.now.state).toEqual({ a: 1, b: 2 });
    expect(talk.now.opening).toMatchObject({ horizon: first.serial, checkpoint: all.serial });
    // One that speaks of the future speaks of what was before it, as one that names no place.
    talk.say(W, 's4', { kind: 'state', key: '', all: { c: 3 }, upTo: serial('999999') });
    expect(talk.now.state).toEqual({ c: 3 });
    // One that comes late and knows less changes nothing.
    talk.say(W, 's5', { kind: 'state', key: '', all: { a: 1 }, upTo: first.serial });
    expect(talk.now.state).toEqual({ c: 3 });
  });

  test('P25 a checkpoint is written where the state lies far back', () => {
    const talk = openTalk();
    expect(talk.now.checkpoint(serial('000900'))).toBeUndefined();
    talk.say(ANN, 's', { kind: 'state', key: 'a', value: 1 });
    for (let n = 0; n < 49; n += 1) {
      talk.ask(ANN, `q${n}`);
      talk.append(talk.claim(W, `q${n}`), end('complete'));
    }
    const near = talk.ask(ANN, 'near');
    expect(talk.now.checkpoint(near.serial)).toBeUndefined();
    const far = talk.claim(W, 'near');
    talk.say(ANN, 'since', { kind: 'state', key: 'a', value: 2 });
    const record = { kind: 'state', key: '', all: { a: 1 }, upTo: far.serial } as const;
    expect(talk.now.checkpoint(far.serial)).toEqual(record);
    talk.say(W, 'c', record);
    expect(talk.now.state).toEqual({ a: 2 });
    expect(talk.now.checkpoint(talk.ask(ANN, 'next').serial)).toBeUndefined();
  });

  test('P25 no chain is shown whose base is not loaded', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    const w = talk.append(talk.claim(W, 'q'), text('Lis'));
    const t = talk.claim(T, 'q', { after: w.serial });
    talk.append(t, continues(w.serial, text('Lis').length) + 'bon');
    const newest = project(talk.messages.slice(2));
    expect(newest.runs).toEqual([]);
    expect(newest.branch()).toEqual([]);
    const older = project(talk.messages.slice(1));
    expect(older.runs).toEqual([]);
  });

  test('P25 who holds the floor is known from the newest claim where its record is not loaded', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    const w = talk.claim(W, 'q');
    talk.floor(STAFF, 'take');
    const { floor } = talk.now.opening;
    talk.claim(T, 'q', { after: w.serial, floor });
    const asked = talk.ask(ANN, 'r');
    const late = project(talk.messages.slice(3));
    expect(late.floor.holder).toEqual({ kind: 'person', clientId: 'sam' });
    expect(late.run(run('r'))).toMatchObject({ status: 'queued', held: true, serial: asked.serial });
  });

  test('P25 what a claim says of the floor counts only below its records', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    talk.floor(W, 'hand', { to: 'ben' });
    talk.claim(W, 'q', { floor: 'person:ben' });
    talk.floor({ clientId: 'ben' }, 'release');
    expect(talk.now.floor.holder).toEqual({ kind: 'agents' });
    expect(talk.now.refusals).toEqual([]);
  });

  test('P25 a branch whose beginning is not loaded begins where it is', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    talk.append(talk.claim(W, 'q'), end('complete'));
    talk.ask(ANN, 'r', { parent: answerTo('q') });
    talk.append(talk.claim(W, 'r'), end('complete'));
    const late = project(talk.messages.slice(2));
    expect(late.branch()).toEqual(['m-r', answerTo('r')]);
    expect(late.message(messageId('m-r'))?.parent).toBe(answerTo('q'));
  });
});

describe('P26 deleting an output', () => {
  test('P26 it leaves a tombstone for its whole path, and children keep their parent', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    const w = talk.append(talk.claim(W, 'q'), text('Lis'));
    const t = talk.claim(T, 'q', { after: w.serial });
    talk.append(t, continues(w.serial, text('Lis').length) + 'bon' + end('complete'));
    talk.ask(ANN, 'r', { parent: answerTo('q') });
    talk.remove(w);
    expect(talk.run('q')).toMatchObject({ status: 'cancelled', reason: 'deleted', length: 0 });
    expect(talk.now.message(answerTo('q'))).toMatchObject({ deleted: true, parts: [], parent: 'm-q' });
    expect(talk.now.branch()).toEqual(['m-q', answerTo('q'), 'm-r']);
  });

  test('P26 so does deleting a later output of the path', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    const w = talk.append(talk.claim(W, 'q'), text('Lis'));
    const t = talk.claim(T, 'q', { after: w.serial });
    talk.append(t, continues(w.serial, text('Lis').length));
    talk.remove(t);
    expect(talk.change.retracted).toEqual([{ run: 'q', length: 0 }]);
    expect(talk.now.message(answerTo('q'))).toMatchObject({ deleted: true, parts: [] });
  });

  test('P26 a deleted output that was on no path changes nothing', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    talk.append(talk.claim(W, 'q'), text('Lis'));
    talk.remove(talk.claim(T, 'q'));
    expect(talk.run('q')?.status).toBe('active');
    expect(talk.text('q')).toBe(text('Lis'));
  });
});
