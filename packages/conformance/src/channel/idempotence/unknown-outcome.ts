import { isChannelError } from '@holdfast/channel';
import type { Operation } from '@holdfast/channel';
import { describeError } from '../../law/report.ts';
import { same, violated } from '../../law/violation.ts';
import { create, draft, publish } from '../acts.ts';
import { defineLaw } from '../law.ts';
import { listAll } from '../listing.ts';

/** Whatever the network did to the first try, trying again is safe. */
export const unknownOutcome = defineLaw({
  id: 'I5.unknown-outcome',
  title: 'what was being published when the connection broke takes effect once when it is tried again',
  requires: ['cut', 'checksOffsets'],
  check: async ({ connect, cut, open, read, name }) => {
    const broken = await open('ada');
    const channel = broken.channel(name);
    const watcher = await connect('bob');
    const reader = await read(watcher);
    const { serial } = await create(channel, draft('growing'));

    // Cut before anything is answered, after the first answer, and amid the answers.
    for (const [round, answered] of [0, 1, 4].entries()) {
      const operations = Array.from({ length: 5 }, (_, index): readonly Operation[] => [
        { action: 'append', serial, data: String(index), offset: 5 * round + index },
        { action: 'create', draft: draft(`m-${5 * round + index}`, index) },
      ]).flat();
      const outcomes = operations.map((operation) =>
        channel.publish(operation).then(() => 'stored' as const, failure),
      );
      await Promise.all(outcomes.slice(0, answered));
      const restore = await cut(broken);
      await restore();
      for (const [index, outcome] of (await Promise.all(outcomes)).entries()) {
        const operation = operations[index];
        if (outcome === 'failed' && operation !== undefined) await publish(channel, operation);
      }
    }

    const log = await listAll(watcher);
    same(log[0]?.data, '01234'.repeat(3), 'the text after every failed append was tried again');
    same(
      new Set(log.map(({ id }) => id)).size,
      log.length,
      'the number of ids after every failed create was tried again',
    );
    same(log.length, 16, 'the number of messages');
    await reader.knows(log);
  },
});

/** It may be unknown what became of it, or a conflict with one before it that was lost. */
function failure(error: unknown): 'failed' {
  if (!isChannelError(error) || (!error.retryable && error.code !== 'conflict')) {
    violated(`a publish that was cut off ended in ${describeError(error)}`);
  }
  return 'failed';
}
