import { describe, expect, test } from 'vitest';
import { ANN, BEN, continues, end, messageId, run, STAFF, T, text, W } from './session-script.ts';
import { openTalk } from './talk.ts';

describe('P22 handover', () => {
  test('P22 an input above a take makes no run for agents until the release', () => {
    const talk = openTalk();
    talk.floor(STAFF, 'take');
    talk.ask(ANN, 'q');
    expect(talk.run('q')).toMatchObject({ status: 'queued', held: true });
    expect(talk.now.open).toEqual([]);
    talk.append(talk.claim(W, 'q'), text('not its turn'));
    expect(talk.run('q')?.status).toBe('queued');
    talk.floor(STAFF, 'release');
    expect(talk.now.open.map(({ id }) => id)).toEqual(['q']);
    talk.append(talk.claim(W, 'q'), text('its turn'));
    expect(talk.text('q')).toBe(text('its turn'));
  });

  test('P22 a run that was claimed finishes, unless it is cancelled', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    const w = talk.claim(W, 'q');
    talk.floor(STAFF, 'take');
    expect(talk.run('q')?.status).toBe('active');
    const t = talk.claim(T, 'q', { after: w.serial });
    talk.append(t, continues(w.serial, 0) + text('done') + end('complete'));
    expect(talk.run('q')?.status).toBe('complete');
  });

  test('P22 so do the tasks that it gives others', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    talk.claim(W, 'q');
    talk.floor(STAFF, 'take');
    talk.ask(W, 'sub', { parentRun: run('q') });
    expect(talk.now.open.map(({ id }) => id)).toEqual(['sub']);
    talk.claim(T, 'sub');
    expect(talk.run('sub')?.status).toBe('active');
  });

  test('P22 what the person says asks nobody; what went on meanwhile is no longer the agents’', () => {
    const talk = openTalk();
    talk.floor(STAFF, 'take');
    talk.ask(ANN, 'q');
    talk.ask(STAFF, 'reply', { parent: messageId('m-q') });
    expect(talk.run('reply')).toBe(undefined);
    expect(talk.now.branch()).toEqual(['m-q', 'm-reply']);
    talk.floor(STAFF, 'release');
    expect(talk.run('q')?.status).toBe('complete');
  });

  test('P2 what was said before a question does not follow it', () => {
    const talk = openTalk();
    talk.floor(STAFF, 'take');
    talk.ask(STAFF, 'early', { parent: messageId('m-q') });
    talk.ask(ANN, 'q');
    expect(talk.run('q')).toMatchObject({ status: 'queued', held: true });
  });

  test('P22 what an agent asks another about it does not count as going on', () => {
    const talk = openTalk();
    talk.floor(STAFF, 'take');
    talk.ask(ANN, 'q');
    talk.ask(W, 'sub', { parent: messageId('m-q'), parentRun: run('q') });
    expect(talk.run('q')).toMatchObject({ status: 'queued', held: true });
  });

  test('P22 a participant takes nothing, whoever has the floor may hand it over', () => {
    const talk = openTalk();
    const taken = talk.floor(ANN, 'take');
    const handed = talk.floor(ANN, 'hand', { to: 'ann' });
    expect(talk.now.floor.holder).toEqual({ kind: 'agents' });
    expect(talk.now.refusals.map(({ record }) => record)).toEqual([taken.id, handed.id]);
    talk.floor(W, 'hand', { to: 'sam' });
    expect(talk.now.floor.holder).toEqual({ kind: 'person', clientId: 'sam' });
    const early = talk.floor(BEN, 'release');
    expect(talk.now.refusals.map(({ record }) => record)).toEqual([taken.id, handed.id, early.id]);
    talk.floor({ clientId: 'sam' }, 'hand', { to: 'ben' });
    talk.floor(BEN, 'release', { reason: 'done' });
    expect(talk.now.floor).toMatchObject({ holder: { kind: 'agents' }, last: { act: 'release' } });
  });

  test('P22 everyone may ask for it', () => {
    const talk = openTalk();
    talk.floor(ANN, 'ask', { reason: 'a person, please' });
    expect(talk.now.floor.asked).toEqual({ by: 'ann', reason: 'a person, please' });
    talk.floor(STAFF, 'take');
    expect(talk.now.floor.asked).toBe(undefined);
  });
});
