import { describe, expect, test } from 'vitest';
import {
  ANN,
  answerTo,
  continues,
  createScript,
  end,
  messageId,
  run,
  T,
  text,
  W,
} from '../../test/projection/session-script.ts';
import { createProjection } from './projection.ts';

describe('projection', () => {
  test('a question, its answer as it grows, and its end', () => {
    const script = createScript();
    const projection = createProjection();
    const question = script.ask(ANN, 'q');
    expect([...projection.apply(question).runs]).toEqual(['q']);
    expect(projection.open.map(({ id }) => id)).toEqual(['q']);
    expect(projection.tip()).toBe(answerTo('q'));

    const claim = script.claim(W, 'q');
    projection.apply(claim);
    expect(projection.run(run('q'))).toMatchObject({ status: 'active', output: answerTo('q'), length: 0 });
    expect(projection.open).toEqual([]);

    const log = text('Lisbon');
    const said = script.append(claim, log);
    const change = projection.append({ serial: claim.serial, version: said.version, data: log, offset: 0 });
    expect(change.appended).toEqual([{ run: 'q', offset: 0, text: log }]);
    projection.apply(script.append(claim, end('complete')));
    expect(projection.run(run('q'))?.status).toBe('complete');
    expect(projection.branch()).toEqual([messageId('m-q'), answerTo('q')]);
    expect(projection.message(answerTo('q'))).toMatchObject({ role: 'assistant', parent: 'm-q', run: 'q' });
    expect(projection.tip()).toBe(answerTo('q'));
  });

  test('an append whose base is not there is missing', () => {
    const script = createScript();
    const projection = createProjection();
    const { serial, version } = script.ask(ANN, 'q');
    expect(projection.append({ serial, version, data: 'x', offset: 0 }).missing).toBe(serial);
  });

  test('a provisional record stands until it is forgotten', () => {
    const script = createScript();
    const projection = createProjection();
    const question = script.ask(ANN, 'q');
    const local = { ...question, serial: '~000000001' as typeof question.serial };
    projection.apply(local);
    expect(projection.message(messageId('m-q'))?.delivery).toBe('sending');
    expect(projection.run(run('q'))?.serial).toBe(undefined);
    expect(projection.open).toEqual([]);
    expect(projection.opening).toEqual({ floor: 'agents' });
    projection.apply(question);
    projection.forget(local.serial);
    expect(projection.message(messageId('m-q'))).toMatchObject({ delivery: 'sent', serial: question.serial });
    projection.forget(question.serial);
    expect(projection.branch()).toEqual([]);
    expect(projection.runs).toEqual([]);
  });

  test('a record that was changed is read anew', () => {
    const script = createScript();
    const projection = createProjection();
    const question = script.ask(ANN, 'q');
    projection.apply(question);
    const parts = [{ type: 'text', text: 'changed', state: 'done' }] as const;
    const data = { message: { id: 'm-q', role: 'user', parts }, parent: null };
    expect(projection.apply(script.rewrite(question, data)).tree).toBe(true);
    expect(projection.message(messageId('m-q'))?.parts).toEqual(parts);
  });

  test('P24 annotations show at their message, the newer of two summaries', () => {
    const script = createScript();
    const projection = createProjection();
    const question = script.ask(ANN, 'q');
    const claim = script.claim(W, 'q');
    projection.apply(question, claim);
    const summary = (total: number) => ({
      version: `9${total}` as typeof claim.version,
      types: { 'like:total.v1': { total } } as const,
    });
    projection.annotate(claim.serial, summary(2));
    projection.annotate(question.serial, summary(1));
    projection.annotate(claim.serial, summary(1));
    expect(projection.message(answerTo('q'))?.annotations).toEqual(summary(2));
    projection.apply({ ...claim, annotations: summary(3) });
    expect(projection.message(answerTo('q'))?.annotations).toEqual(summary(3));
    expect(projection.message(messageId('m-q'))?.annotations).toEqual(summary(1));
    projection.forget(question.serial);
    projection.apply(question);
    expect(projection.message(messageId('m-q'))?.annotations).toBe(undefined);
  });

  test('a takeover takes back what it does not state', () => {
    const script = createScript();
    const projection = createProjection();
    projection.apply(script.ask(ANN, 'q'));
    const first = script.append(script.claim(W, 'q'), 'one two');
    projection.apply(first);
    const second = script.claim(T, 'q', { after: first.serial });
    projection.apply(second);
    expect(projection.standing(run('q')).text).toBe('one two');
    const stated = continues(first.serial, 4);
    const change = projection.apply(script.append(second, stated));
    expect(change.retracted).toEqual([{ run: 'q', length: 4 }]);
    expect(change.appended).toEqual([{ run: 'q', offset: 4, text: stated }]);
    expect(projection.standing(run('q')).text).toBe(`one ${stated}`);
    expect(projection.statement(run('q'))).toEqual({ serial: second.serial, length: 4 + stated.length });
  });
});
