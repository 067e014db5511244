import { describe, expect, test } from 'vitest';
import { project } from './dump.ts';
import { ANN, BEN, continues, end, messageId, run, STAFF, T, text, W } from './session-script.ts';
import { openTalk } from './talk.ts';

const EVE = { clientId: 'eve', claims: { role: 'staff' } };

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

  test('P22 an answer that a person gives is no question, whatever it was sent as', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    talk.floor(STAFF, 'take');
    talk.ask(STAFF, 'reply', { parent: messageId('m-q') });
    talk.ask(EVE, 'more', { parent: messageId('m-reply') });
    talk.ask(ANN, 'thanks', { parent: messageId('m-more') });
    const roleOf = (id: string) => talk.now.message(messageId(id))?.role;
    expect(['m-q', 'm-reply', 'm-more', 'm-thanks'].map(roleOf)).toEqual([
      'user',
      'assistant',
      'assistant',
      'user',
    ]);
    expect(talk.now.message(messageId('m-reply'))?.author).toMatchObject({ clientId: 'sam', role: 'staff' });
    talk.floor(STAFF, 'release');
    // What it was asked before the person came, and the person has answered, is answered.
    expect(talk.run('q')?.status).toBe('complete');
    expect(talk.run('thanks')).toMatchObject({ status: 'queued' });
    expect(talk.now.open.map(({ id }) => id)).toEqual(['thanks']);
    talk.ask(STAFF, 'order', { parent: messageId('m-thanks') });
    expect(roleOf('m-order')).toBe('user');
  });

  test('P22 of two who take at once the first has it; from a colleague it is taken by saying so', () => {
    const talk = openTalk();
    talk.floor(STAFF, 'take');
    const second = talk.floor(EVE, 'take');
    expect(talk.now.floor.holder).toEqual({ kind: 'person', clientId: 'sam' });
    expect(talk.now.refusals).toMatchObject([{ record: second.id, clientId: 'eve', code: 'late' }]);
    const wrong = talk.floor(EVE, 'take', { from: 'bob' });
    talk.floor(STAFF, 'take');
    talk.floor(EVE, 'take', { from: 'sam' });
    expect(talk.now.floor.holder).toEqual({ kind: 'person', clientId: 'eve' });
    expect(talk.now.refusals.map(({ record }) => record)).toEqual([second.id, wrong.id]);
    talk.floor(STAFF, 'release');
    talk.floor(STAFF, 'take');
    expect(talk.now.floor.holder).toEqual({ kind: 'person', clientId: 'sam' });
  });

  test('P22 what is handed to an agent is that one’s to answer, until it is handed on', () => {
    const talk = openTalk();
    talk.floor(STAFF, 'take');
    talk.ask(ANN, 'q');
    talk.ask(ANN, 'direct', { parent: messageId('m-q'), to: 'sales' });
    talk.floor(STAFF, 'hand', { to: 'billing', as: 'agent' });
    expect(talk.now.floor.holder).toEqual({ kind: 'agents', name: 'billing' });
    talk.ask(ANN, 'r', { parent: messageId('m-direct') });
    expect(talk.run('r')).toMatchObject({ status: 'queued', to: 'billing' });
    const early = talk.claim(W, 'r', { agent: 'support' });
    expect(talk.run('r')?.status).toBe('queued');
    talk.append(talk.claim(T, 'r', { agent: 'billing' }), text('mine'));
    expect(talk.run('r')).toMatchObject({ status: 'active', agent: { name: 'billing' } });
    expect(talk.now.path(run('r'))).not.toContainEqual(expect.objectContaining({ serial: early.serial }));
    // Who names an agent means that one.
    talk.claim(W, 'direct', { agent: 'sales' });
    expect(talk.run('direct')?.agent?.name).toBe('sales');
    expect(talk.now.opening.floor).toBe('agent:billing');
    talk.floor(T, 'release');
    expect(talk.now.floor.holder).toEqual({ kind: 'agents' });
    const foreign = talk.floor(T, 'release');
    expect(talk.now.refusals.map(({ record }) => record)).toEqual([foreign.id]);
  });

  test('P25 who loads no take knows from the release what was said meanwhile', () => {
    const talk = openTalk();
    talk.floor(STAFF, 'take');
    const first = talk.ask(ANN, 'q');
    talk.ask(STAFF, 'reply', { parent: messageId('m-q') });
    talk.floor(STAFF, 'release', { from: 'sam' });
    talk.ask(ANN, 'next', { parent: messageId('m-reply') });
    const late = project(talk.messages.filter(({ serial }) => serial >= first.serial));
    expect(late.open.map(({ id }) => id)).toEqual(['next']);
    expect(late.message(messageId('m-reply'))?.role).toBe('assistant');
    expect(late.run(run('q'))?.status).toBe('complete');
  });

  test('P25 a participant’s word of who held it changes nothing that was', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    talk.append(talk.claim(W, 'q'), text('an answer') + end('complete'));
    talk.floor(BEN, 'release', { from: 'ben' });
    talk.floor(BEN, 'hand', { from: 'ben', to: 'ben' });
    expect(talk.text('q')).toBe(text('an answer') + end('complete'));
    expect(talk.now.floor.holder).toEqual({ kind: 'agents' });
  });

  test('P22 everyone may ask for it', () => {
    const talk = openTalk();
    talk.floor(ANN, 'ask', { reason: 'a person, please' });
    expect(talk.now.floor.asked).toEqual({ by: 'ann', reason: 'a person, please' });
    talk.floor(STAFF, 'take');
    expect(talk.now.floor.asked).toBe(undefined);
  });
});
