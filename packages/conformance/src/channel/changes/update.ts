import { holds, same } from '../../law/violation.ts';
import { annotate, append, create, draft, refused, remove, update } from '../acts.ts';
import { defineLaw } from '../law.ts';
import { listAll } from '../listing.ts';

export const updates = defineLaw({
  id: 'I6.update',
  title: 'an update replaces what a message says in its place; what it leaves out stays',
  check: async ({ connect, read }) => {
    const ada = await connect('ada');
    const reader = await read(await connect('bob'));
    const { serial } = await create(ada, draft('m', 'one', { headers: { kind: 'a', more: 'b' } }));
    await create(ada, draft('later'));
    await annotate(ada, serial, { action: 'add', id: 'n-1', type: 'likes:total.v1' });

    const steps = [
      [{ data: { now: ['an', 'object'] } }, { name: 'note', headers: { kind: 'a', more: 'b' } }],
      [
        { data: 'two', headers: { kind: 'c' } },
        { name: 'note', headers: { kind: 'c' } },
      ],
      [
        { data: 'three', name: 'memo' },
        { name: 'memo', headers: { kind: 'c' } },
      ],
      [
        { data: '', headers: {} },
        { name: 'memo', headers: {} },
      ],
    ] as const;
    let version = '';
    for (const [change, rest] of steps) {
      const receipt = await update(ada, serial, change);
      holds(receipt.version > version, `the version ${receipt.version} came after ${version}`);
      version = receipt.version;
      const log = await listAll(ada);
      const [message] = log;
      same(
        { data: message?.data, name: message?.name, headers: message?.headers },
        { data: change.data, ...rest },
        'what the message says after an update',
      );
      same(log[1]?.id, 'later', 'the message after the one that was updated');
      same(message?.annotations?.types, { 'likes:total.v1': { total: 1 } }, 'its annotations');
      await reader.knows(log);
    }
    await append(ada, serial, 'grows again', 0);
    await reader.knows(await listAll(ada));
  },
});

export const tombstone = defineLaw({
  id: 'P23.tombstone',
  title: 'a deleted message stays in its place without data and headers, and changes no more',
  check: async ({ connect, read }) => {
    const ada = await connect('ada');
    const reader = await read(await connect('bob'));
    const { serial } = await create(ada, draft('m', 'secret', { headers: { kind: 'a' } }));
    await create(ada, draft('later'));
    await remove(ada, serial);
    const log = await listAll(ada);
    same(
      log.map(({ id, data, headers, deleted }) => ({ id, data, headers, deleted })),
      [
        { id: 'm', data: '', headers: {}, deleted: true },
        { id: 'later', data: '', headers: {} },
      ],
      'the messages after one was deleted',
    );
    await reader.knows(log);

    await refused(append(ada, serial, 'x', 0), 'an append to a deleted message', 'not_found');
    await refused(update(ada, serial, { data: 'x' }), 'an update of a deleted message', 'not_found');
    const note = { action: 'add', id: 'n-1', type: 'likes:total.v1' } as const;
    await refused(annotate(ada, serial, note), 'an annotation of a deleted message', 'not_found');
    await remove(ada, serial);
    same((await listAll(ada))[0]?.deleted, true, 'whether it is deleted after it was deleted again');
    await reader.knows(await listAll(ada));
  },
});
