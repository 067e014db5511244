import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findRun, runTree, type RunNode } from '@holdfast/core/agents';
import { createProjection } from '../../src/projection/projection.ts';
import type { Projection } from '../../src/projection/types.ts';
import { project } from '../projection/dump.ts';
import { compact } from '../projection/random-channel.ts';
import { anyLog, NUM_RUNS, PATIENCE } from '../projection/random-log.ts';
import { chooser, readings, receiveAll } from '../projection/reader.ts';
import { ANN, end, run, T, text, W } from '../projection/session-script.ts';
import { openTalk } from '../projection/talk.ts';

const treeOf = (projection: Projection): readonly RunNode[] =>
  runTree({ snapshot: projection, message: (id) => projection.message(id) });

describe('a tree of runs', () => {
  test(
    'I14 every interleaving of pages, live deliveries, duplicates and gaps gives the same tree',
    () => {
      let nested = 0;
      fc.assert(
        fc.property(
          anyLog(),
          fc.array(fc.nat({ max: 60 }), { maxLength: 80, size: 'max' }),
          (events, choices) => {
            const read = createProjection();
            receiveAll(read, readings(events, chooser(choices)));
            const whole = project(compact(events));
            expect(treeOf(read)).toEqual(treeOf(whole));
            nested += treeOf(whole).filter(({ subRuns }) => subRuns.length > 0).length;
            // Every run stands in it once.
            const ids = (nodes: readonly RunNode[]): readonly string[] =>
              nodes.flatMap((node) => [node.run.id, ...ids(node.subRuns)]);
            expect(ids(treeOf(whole)).toSorted()).toEqual(whole.runs.map(({ id }) => id).toSorted());
          },
        ),
        { numRuns: NUM_RUNS / 4 },
      );
      expect(nested).toBeGreaterThan(5);
    },
    PATIENCE,
  );

  test('I18 what did not change keeps its identity', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    talk.append(talk.claim(W, 'q'), text('Wait.'));
    for (const id of ['a', 'b']) talk.ask(W, id, { parentRun: run('q'), to: 'reader' });
    const claim = talk.claim(T, 'a', { agent: 'reader' });
    talk.append(talk.claim(T, 'b', { agent: 'reader' }), text('B'));
    const { now } = talk;
    const source = { snapshot: now, message: now.message.bind(now) };
    const before = runTree(source);
    expect(runTree(source)).toBe(before);
    const [a, b] = ['a', 'b'].map((id) => findRun(before, run(id)));
    talk.append(claim, text('A'));
    const after = runTree(source);
    expect(after).not.toBe(before);
    expect(findRun(after, run('a'))).not.toBe(a);
    expect(findRun(after, run('b'))).toBe(b);
    expect([a?.name, b?.name]).toEqual(['reader', 'reader 2']);
  });

  test('P2 who is part of something newer, or of what is not loaded, stands at the top', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    talk.ask(W, 'late', { parentRun: run('later') });
    talk.ask(W, 'later', { parentRun: run('late') });
    talk.ask(W, 'lost', { parentRun: run('nowhere') });
    expect(treeOf(talk.now).map((node) => [node.run.id, node.subRuns.map((each) => each.run.id)])).toEqual([
      ['q', []],
      ['late', ['later']],
      ['lost', []],
    ]);
  });

  test('who asks again for a sub-task, or adds to it too late, is part of the same run; a cancel reaches it', () => {
    const talk = openTalk();
    talk.ask(ANN, 'q');
    talk.claim(W, 'q');
    talk.ask(W, 'sub', { parentRun: run('q'), to: 'reader', label: 'One' });
    const claim = talk.claim(T, 'sub', { agent: 'reader' });
    talk.steer(ANN, 'more', 'sub');
    talk.append(claim, text('A') + end('complete'));
    expect(talk.run('more')).toMatchObject({ status: 'queued', to: 'reader' });
    talk.regenerate(ANN, 'again', 'm-sub');
    expect(['sub', 'more', 'again'].map((id) => talk.run(id)?.parentRun)).toEqual(['q', 'q', 'q']);
    expect(talk.now.branch()).toEqual(['m-q', 'q.answer']);
    talk.cancel(ANN, 'q');
    expect(['sub', 'more', 'again'].map((id) => talk.run(id)?.status)).toEqual([
      'complete',
      'cancelled',
      'cancelled',
    ]);
    expect(findRun(treeOf(talk.now), run('sub'))?.name).toBe('One');
  });
});
