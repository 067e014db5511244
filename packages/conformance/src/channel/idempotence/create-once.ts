import { same } from '../../law/violation.ts';
import { append, create, draft, remove } from '../acts.ts';
import { defineLaw } from '../law.ts';
import { listAll } from '../listing.ts';

export const createOnce = defineLaw({
  id: 'I5.create-once',
  title: 'a create that is repeated takes effect once, also at the same time and over another connection',
  check: async ({ connect, read }) => {
    const ada = await connect('ada');
    const again = await connect('ada');
    const reader = await read(await connect('bob'));
    const what = draft('m', { text: 'once' }, { headers: { kind: 'greeting', more: 'x' } });

    const receipts = await Promise.all([create(ada, what), create(ada, what), create(again, what)]);
    receipts.push(await create(again, { ...what, headers: { more: 'x', kind: 'greeting' } }));
    await create(ada, draft('end'));

    const log = await listAll(ada);
    same(
      log.map(({ id }) => id),
      ['m', 'end'],
      'the messages after four creates with one id',
    );
    for (const receipt of receipts)
      same(receipt.serial, log[0]?.serial, 'the serial that a repeated create gets');
    await reader.knows(log);
  },
});

export const createRetriedLate = defineLaw({
  id: 'I5.create-retried-late',
  title: 'a create that is repeated after the message has changed or was deleted changes nothing',
  check: async ({ connect, read }) => {
    const ada = await connect('ada');
    const reader = await read(await connect('bob'));
    const grown = await create(ada, draft('grown', 'a'));
    await append(ada, grown.serial, 'b', 1);
    const doomed = await create(ada, draft('doomed', 'x'));
    await remove(ada, doomed.serial);
    const before = await listAll(ada);

    same((await create(ada, draft('grown', 'a'))).serial, grown.serial, 'the serial of the repeated create');
    same(
      (await create(ada, draft('doomed', 'x'))).serial,
      doomed.serial,
      'the serial of the repeated create',
    );
    same(await listAll(ada), before, 'the messages after both were created again');
    await reader.knows(before);
  },
});
