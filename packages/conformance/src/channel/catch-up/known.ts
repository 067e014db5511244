import { holds } from '../../law/violation.ts';
import { annotate, append, create, draft, publish, remove, update } from '../acts.ts';
import { follow } from '../following.ts';
import { defineLaw } from '../law.ts';
import { listAll } from '../listing.ts';
import type { View } from '../view.ts';

export const known = defineLaw({
  id: 'I3.known',
  title: 'who says how much it holds of each message gets what follows that, or the whole',
  check: async ({ connect, read }) => {
    const ada = await connect('ada');
    const watcher = await connect('bob');
    const first = await read(watcher);
    const ids = ['grown', 'same', 'annotated', 'replaced', 'regrown', 'deleted', 'object'];
    const made = await publish(
      ada,
      ids.map((id) => ({ action: 'create', draft: draft(id, id === 'object' ? { a: 1 } : 'base') })),
    );
    await first.knows(await listAll(ada));
    const last = first.deliveries.findLast((each) => each.kind !== 'signal');
    const from = last?.position ?? first.subscription.start;
    const knowing = first.view();

    const [grown, , annotated, replaced, regrown, deleted, object] = made.map(({ serial }) => serial);
    holds(grown !== undefined && annotated !== undefined && replaced !== undefined, 'receipts are missing');
    holds(regrown !== undefined && deleted !== undefined && object !== undefined, 'receipts are missing');
    await append(ada, grown, ' more', 4);
    await append(ada, grown, ' and more', 9);
    // As long as before: only its version tells that the text is another.
    await update(ada, replaced, { data: 'BASE' });
    await update(ada, regrown, { data: 'new ' });
    await append(ada, regrown, 'text', 4);
    await remove(ada, deleted);
    await update(ada, object, { data: ['list'] });
    await create(ada, draft('new', 'x'));
    // Last, since it takes two deliveries to tell.
    await annotate(ada, annotated, { action: 'add', id: 'n', type: 'likes:total.v1' });
    await append(ada, annotated, '!', 4);

    const log = await listAll(ada);
    const resumed = await read(watcher, { from, knowing, tells: true });
    await resumed.knows(log);

    // The same again from each position that the catch-up gave.
    let view: View = { ...knowing, met: new Set(knowing.messages.keys()) };
    for (const delivery of resumed.deliveries.slice()) {
      view = await follow(watcher, view, delivery);
      if (delivery.kind === 'signal') continue;
      const again = await read(watcher, { from: delivery.position, knowing: view, tells: true });
      await again.knows(log);
      again.close();
    }

    await append(ada, grown, '!', 18);
    await resumed.knows(await listAll(ada));
    await first.knows(await listAll(ada));
  },
});
