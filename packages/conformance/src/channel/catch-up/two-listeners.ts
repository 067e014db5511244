import { append, create, draft } from '../acts.ts';
import { defineLaw } from '../law.ts';
import { listAll } from '../listing.ts';

export const twoListeners = defineLaw({
  id: 'I3.two-listeners',
  title: 'subscriptions of one connection are independent: each gets everything from its own start',
  check: async ({ connect, read }) => {
    const ada = await connect('ada');
    const channel = await connect('bob');
    const early = await read(channel, { deliveriesOnly: true });
    const { serial } = await create(ada, draft('growing', 'a'));
    await early.sees(serial);
    const late = await read(channel, { deliveriesOnly: true });
    await append(ada, serial, 'b', 1);
    await early.knows(await listAll(ada));
    await late.knows(await listAll(ada));

    late.close();
    await append(ada, serial, 'c', 2);
    await early.knows(await listAll(ada));
  },
});
