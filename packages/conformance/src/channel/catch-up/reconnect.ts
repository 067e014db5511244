import { same } from '../../law/violation.ts';
import { annotate, append, create, draft, remove, update } from '../acts.ts';
import { defineLaw } from '../law.ts';
import { listAll } from '../listing.ts';

export const reconnect = defineLaw({
  id: 'I3.reconnect',
  title: 'a subscription outlives a broken connection and gets what it missed',
  requires: ['cut'],
  check: async ({ connect, cut, open, read, name }) => {
    const ada = await connect('ada');
    const broken = await open('bob');
    const reader = await read(broken.channel(name));
    const kept = await create(ada, draft('kept', 'a'));
    const grown = await create(ada, draft('grown', 'x'));
    const doomed = await create(ada, draft('doomed'));
    await reader.knows(await listAll(ada));

    let length = 1;
    for (const round of [1, 2]) {
      const restore = await cut(broken);
      await append(ada, grown.serial, 'y', length);
      length += 1;
      await create(ada, draft(`new-${round}`, round));
      await update(ada, kept.serial, { data: `round ${round}` });
      await annotate(ada, kept.serial, { action: 'add', id: `n-${round}`, type: 'likes:total.v1' });
      if (round === 1) await remove(ada, doomed.serial);
      await restore();
      await append(ada, grown.serial, 'z', length);
      length += 1;
      await reader.knows(await listAll(ada));
    }
    same(reader.message(kept.serial)?.data, 'round 2', 'an update made while the connection was broken');
  },
});
