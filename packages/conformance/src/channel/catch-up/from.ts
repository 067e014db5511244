import { holds, same } from '../../law/violation.ts';
import { annotate, append, create, draft, remove, update } from '../acts.ts';
import { defineLaw } from '../law.ts';
import { listAll } from '../listing.ts';
import { EMPTY_VIEW } from '../view.ts';
import { follow } from '../following.ts';

/** Ends one subscription after each of its deliveries in turn, and goes on from there on another connection. */
export const from = defineLaw({
  id: 'I3.from',
  title: 'who goes on from any position it was given gets every change that it missed, once',
  check: async ({ connect, read }) => {
    const ada = await connect('ada');
    const bob = await connect('bob');
    const watcher = await connect('cyd');
    const first = await read(watcher);

    const one = await create(ada, draft('one', 'a'));
    const two = await create(bob, draft('two', 'b'));
    await append(ada, one.serial, 'aa', 1);
    await append(bob, two.serial, 'bb', 1);
    await annotate(bob, one.serial, { action: 'add', id: 'n-1', type: 'likes:flag.v1' });
    const three = await create(ada, draft('three', 'short-lived'));
    await append(ada, one.serial, 'a', 3);
    await update(bob, two.serial, { data: 'new ' });
    await remove(ada, three.serial);
    await append(bob, two.serial, 'text', 4);
    const log = await listAll(watcher);
    await first.knows(log);

    let view = EMPTY_VIEW;
    for (const delivery of [undefined, ...first.deliveries]) {
      if (delivery !== undefined) view = await follow(watcher, view, delivery);
      if (delivery?.kind === 'signal') continue;
      const position = delivery?.position ?? first.subscription.start;
      const resumed = await read(await connect('dan'), { from: position, knowing: view });
      await resumed.knows(log);
      resumed.close();
    }

    // From the newest position nothing is missing, and what comes next is delivered.
    const last = first.deliveries.at(-1);
    holds(last !== undefined && last.kind !== 'signal', 'the reader ended on a change');
    const resumed = await read(await connect('dan'), { from: last.position, knowing: first.view() });
    await create(ada, draft('four', 4));
    const longer = await listAll(watcher);
    await resumed.knows(longer);
    await first.knows(longer);
    same(longer.at(-1)?.data, 4, 'the newest message');
  },
});
