import type { Message, Version } from '@holdfast/channel';
import { describe, expect, test } from 'vitest';
import { createProjection } from '../../src/projection/projection.ts';
import type { Projection } from '../../src/projection/types.ts';
import { countWork } from './count-work.ts';
import {
  ANN,
  answerTo,
  createScript,
  end,
  messageId,
  progress,
  recordId,
  run,
  text,
  W,
} from './session-script.ts';
import type { Script } from './session-script.ts';

/** A session with a number of turns behind it, and an answer under way. */
interface Underway {
  readonly projection: Projection;
  /** Adds one delta of a token's size. */
  delta(): void;
}

function afterTurns(turns: number): Underway {
  const script = createScript();
  let parent = null as ReturnType<typeof answerTo> | null;
  for (let turn = 0; turn < turns; turn += 1) {
    const id = `turn-${turn}`;
    script.ask(ANN, id, { parent });
    script.append(script.claim(W, id, { floor: 'agents' }), text(`answer ${turn}`) + end('complete'));
    parent = answerTo(id);
  }
  script.ask(ANN, 'last', { parent });
  const claim = script.append(script.claim(W, 'last', { floor: 'agents' }), progress);
  const projection = createProjection();
  projection.apply(...script.messages);
  return { projection, delta: deltas(projection, claim) };
}

function deltas(projection: Projection, { serial }: Message): () => void {
  let offset = progress.length;
  let version = 0;
  return () => {
    version += 1;
    const at = `9${String(version).padStart(9, '0')}` as Version;
    projection.append({ serial, version: at, data: 'token ', offset });
    offset += 6;
  };
}

/** What a participant may pile up, each record about the one before. */
const FLOODS: readonly (readonly [string, (script: Script, at: number) => void])[] = [
  ['questions', (script, at) => script.ask(ANN, `r${at}`, { parent: answerTo(`r${at - 1}`) })],
  ['sub-questions', (script, at) => script.ask(ANN, `r${at}`, { parentRun: run(`r${at - 1}`) })],
  [
    'messages with one id',
    (script, at) => script.ask(ANN, `r${at}`, { message: { id: 'm', role: 'user', parts: [] } }),
  ],
  ['replacements', (script, at) => script.ask(ANN, `r${at}`, { replaces: recordId(`r${at - 1}`) })],
  ['edits', (script, at) => script.ask(ANN, `r${at}`, { edits: messageId(`m-r${at - 1}`) })],
  [
    'steers of stopped steers',
    (script, at) => {
      const message = { id: `s${at}`, role: 'user', parts: [] } as const;
      script.say(ANN, `r${at}`, { kind: 'steer', run: run(`r${at - 1}`), message });
      script.say(ANN, `k${at}`, { kind: 'cancel', run: run(`r${at}`) });
    },
  ],
];

describe('I18 flat cost', () => {
  test('I18 a delta takes as many steps after 1,000 turns as after none', () => {
    const fresh = afterTurns(0);
    const old = afterTurns(1000);
    const steps = (session: Underway): readonly number[] =>
      Array.from({ length: 50 }, () => countWork(() => session.delta()));
    const few = steps(fresh);
    console.log(`steps per delta: ${Math.min(...few)} to ${Math.max(...few)}`);
    expect(steps(old)).toEqual(few);
    expect(Math.max(...few)).toBeLessThan(60);
  });

  test('I18 reading the answer after it costs no more after 1,000 turns either', () => {
    const steps = (session: Underway): readonly number[] => {
      const read = (): void => void session.projection.message(answerTo('last'));
      read();
      return Array.from({ length: 50 }, () => {
        session.delta();
        return countWork(read);
      });
    };
    expect(steps(afterTurns(1000))).toEqual(steps(afterTurns(0)));
  });

  test('I18 a record costs a walk over the records, and no more', () => {
    const steps = (turns: number): number => {
      const { projection } = afterTurns(turns);
      const script = createScript();
      const question = { ...script.ask(ANN, 'next', { parent: answerTo('last') }), serial: '8' as never };
      return countWork(() => projection.apply(question));
    };
    const [few, many] = [steps(100), steps(1000)];
    console.log(`steps per record: ${few} after 100 turns, ${many} after 1,000`);
    expect(many / few).toBeLessThan(11);
  });

  test.each(FLOODS)('I18 a flood of %s costs what its records cost, not their square', (_, flood) => {
    const steps = (count: number): number => {
      const script = createScript();
      script.ask(ANN, 'r-1');
      script.append(script.claim(W, 'r-1'), end('complete'));
      for (let at = 0; at < count; at += 1) flood(script, at);
      const projection = createProjection();
      return countWork(() => projection.apply(...script.messages));
    };
    expect(steps(800) / steps(400)).toBeLessThan(2.2);
  });

  test('I18 a delta takes no more time after 1,000 turns than after none', () => {
    const sessions = [afterTurns(0), afterTurns(1000)] as const;
    const best = [Infinity, Infinity];
    const ratio = (): number => (best[1] ?? 0) / (best[0] ?? 1);
    // Others use the machine too: the best of many short, interleaved tries is what the work itself takes.
    for (let tries = 0; tries < 400 && (tries < 60 || ratio() > 1.2); tries += 1) {
      for (const [index, session] of sessions.entries()) {
        const start = performance.now();
        for (let count = 0; count < 500; count += 1) session.delta();
        best[index] = Math.min(best[index] ?? Infinity, performance.now() - start);
      }
    }
    console.log(`per delta after 1,000 turns: ${ratio().toFixed(2)} of what it takes after none`);
    expect(ratio()).toBeLessThanOrEqual(1.2);
  });
});
