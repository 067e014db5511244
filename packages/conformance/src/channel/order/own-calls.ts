import type { Receipt } from '@holdfast/channel';
import { holds, same } from '../../law/violation.ts';
import { annotate, append, create, draft, remove, update } from '../acts.ts';
import { defineLaw } from '../law.ts';
import { listAll } from '../listing.ts';

export const ownCalls = defineLaw({
  id: 'I1.own-calls',
  title: 'calls that a publisher makes without waiting take effect in the order in which they were made',
  check: async ({ connect, read }) => {
    const channel = await connect('ada');
    const reader = await read(await connect('bob'));
    const { serial } = await create(channel, draft('growing', 'a'));
    const doomed = await create(channel, draft('doomed', 'short-lived'));

    const calls: Promise<Receipt>[] = [
      append(channel, serial, 'b', 1),
      create(channel, draft('first', 1)),
      append(channel, serial, 'c', 2),
      annotate(channel, serial, { action: 'add', id: 'note-1', type: 'likes:flag.v1' }),
      update(channel, serial, { data: 'new' }),
      append(channel, serial, 'er', 3),
      create(channel, draft('second', 2)),
      remove(channel, doomed.serial),
      append(channel, serial, '!', 5),
      create(channel, draft('third', 3)),
    ];
    const receipts = await Promise.all(calls);

    for (const [index, receipt] of receipts.entries()) {
      const before = receipts[index - 1];
      holds(
        before === undefined || before.version < receipt.version,
        `call ${index} took effect at version ${receipt.version}, before call ${index - 1} at ${String(before?.version)}`,
      );
    }
    const log = await listAll(channel);
    same(
      log.map(({ id, data, deleted }) => ({ id, data: deleted === true ? 'deleted' : data })),
      [
        { id: 'growing', data: 'newer!' },
        { id: 'doomed', data: 'deleted' },
        { id: 'first', data: 1 },
        { id: 'second', data: 2 },
        { id: 'third', data: 3 },
      ],
      'the messages after all calls',
    );
    await reader.knows(log);
  },
});
