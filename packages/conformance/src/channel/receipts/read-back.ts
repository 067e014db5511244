import type { Channel, Message, Receipt } from '@holdfast/channel';
import { holds, same } from '../../law/violation.ts';
import { annotate, append, create, draft, remove, update } from '../acts.ts';
import { defineLaw } from '../law.ts';
import { listAll } from '../listing.ts';

export const readBack = defineLaw({
  id: 'I7.read-back',
  title: 'what a receipt names is there for another connection as soon as the receipt is',
  check: async ({ connect }) => {
    const ada = await connect('ada');
    const bob = await connect('bob');

    const created = await create(ada, draft('m', 'a', { headers: { kind: 'x' } }));
    const first = await stored(bob, created);
    same(
      [first.id, first.name, first.data, first.headers],
      ['m', 'note', 'a', { kind: 'x' }],
      'a created message',
    );
    same(created.version, created.serial, "a create's version, which equals its serial");

    same((await stored(bob, await append(ada, created.serial, 'b', 1))).data, 'ab', 'an append');
    same((await stored(bob, await update(ada, created.serial, { data: 'new' }))).data, 'new', 'an update');
    await annotate(ada, created.serial, { action: 'add', id: 'n-1', type: 'likes:total.v1' });
    const [annotated] = await listAll(bob);
    same(annotated?.annotations?.types, { 'likes:total.v1': { total: 1 } }, 'an annotation');
    same((await stored(bob, await remove(ada, created.serial))).deleted, true, 'a deletion');
  },
});

/** The message that a receipt names, as another connection finds it. */
async function stored(channel: Channel, receipt: Receipt): Promise<Message> {
  const found = (await listAll(channel)).find(({ serial }) => serial === receipt.serial);
  holds(found !== undefined, `${receipt.serial} has a receipt and is not in history`);
  same(found.version, receipt.version, 'the version in history, against the receipt');
  return found;
}

export const survivesRestart = defineLaw({
  id: 'I7.restart',
  title: 'what has a receipt survives a restart of the backend',
  requires: ['restart'],
  check: async ({ connect, fault }) => {
    const ada = await connect('ada');
    const { serial } = await create(ada, draft('growing', 'a'));
    const receipts = await Promise.all([
      append(ada, serial, 'b', 1),
      append(ada, serial, 'c', 2),
      create(ada, draft('second', { nested: [1, null] })),
      annotate(ada, serial, { action: 'add', id: 'n-1', type: 'likes:total.v1' }),
    ]);
    holds(receipts.length === 4, 'all receipts came');
    const before = await listAll(ada);
    await fault('restart')();

    const after = await connect('ada');
    same(await listAll(after), before, 'the messages after a restart');
    await append(after, serial, 'd', 3);
    const next = await create(after, draft('third'));
    const log = await listAll(after);
    same(log[0]?.data, 'abcd', 'the text that was grown before and after the restart');
    holds(
      before.every((message) => message.serial < next.serial && message.version < next.version),
      'a serial was issued again after a restart',
    );
  },
});
