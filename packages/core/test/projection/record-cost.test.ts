import type { Message } from '@holdfast/channel';
import { describe, expect, test } from 'vitest';
import { createProjection } from '../../src/projection/projection.ts';
import type { Projection } from '../../src/projection/types.ts';
import { countWork } from './count-work.ts';
import { ANN, answerTo, createScript, end, messageId, run, STAFF, text, W } from './session-script.ts';
import type { Script } from './session-script.ts';

/** A conversation of so many turns, and a question that an agent has begun to answer. */
function talk(turns: number): { readonly script: Script; readonly projection: Projection } {
  const script = createScript();
  for (let turn = 0; turn < turns; turn += 1) {
    script.ask(ANN, `t${turn}`, { parent: turn === 0 ? null : answerTo(`t${turn - 1}`) });
    script.append(script.claim(W, `t${turn}`, { floor: 'agents' }), text('answer') + end('complete'));
  }
  script.ask(ANN, 'last', { parent: answerTo(`t${turns - 1}`) });
  script.claim(W, 'last', { floor: 'agents' });
  const projection = createProjection();
  projection.apply(...script.messages);
  return { script, projection };
}

const RECORDS: Readonly<Record<string, (script: Script) => Message>> = {
  question: (script) => script.ask(ANN, 'next', { parent: answerTo('last') }),
  edit: (script) => script.ask(ANN, 'next', { edits: messageId('m-last') }),
  claim: (script) => script.claim(W, 't5', { floor: 'agents' }),
  cancel: (script) => script.say(ANN, 'k', { kind: 'cancel', run: run('last') }),
  regenerate: (script) => script.say(ANN, 'g', { kind: 'regenerate', input: messageId('m-last') }),
  steer: (script) => {
    const message = { id: 's', role: 'user', parts: [] } as const;
    return script.say(ANN, 's', { kind: 'steer', run: run('last'), message });
  },
  state: (script) => script.say(STAFF, 'k', { kind: 'state', key: 'a', value: 1 }),
};

describe('I18 what a record costs', () => {
  test.each(Object.entries(RECORDS))('I18 %s: as many steps after 500 turns as after 50', (_, say) => {
    const steps = (turns: number): number => {
      const { script, projection } = talk(turns);
      const message = say(script);
      return countWork(() => projection.apply(message));
    };
    const few = steps(50);
    expect(few).toBeGreaterThan(10);
    expect(few).toBeLessThan(800);
    expect(steps(500)).toBe(few);
  });

  test('I18 so does one that is shown before it is stored, and its echo', () => {
    const steps = (turns: number): readonly number[] => {
      const { script, projection } = talk(turns);
      const stored = script.ask(ANN, 'next', { parent: answerTo('last') });
      const local = { ...stored, serial: '~1' as typeof stored.serial };
      return [
        countWork(() => projection.apply(local)),
        countWork(() => projection.apply(stored)),
        countWork(() => projection.forget(local.serial)),
      ];
    };
    expect(steps(500)).toEqual(steps(50));
  });

  test('I18 and each of many inputs that nobody answers', () => {
    const script = createScript();
    const projection = createProjection();
    const steps = Array.from({ length: 1000 }, (_, at) => {
      const message = script.ask(ANN, `q${at}`, { parent: at === 0 ? null : answerTo(`q${at - 1}`) });
      return countWork(() => projection.apply(message));
    });
    expect(steps.at(-1)).toBe(steps[10]);
  });
});
