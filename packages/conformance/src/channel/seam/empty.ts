import { same } from '../../law/violation.ts';
import { create, draft } from '../acts.ts';
import { defineLaw } from '../law.ts';
import { listAll } from '../listing.ts';

export const empty = defineLaw({
  id: 'I2.empty',
  title: 'an empty channel has an empty history, and its first message reaches who was there before',
  check: async ({ connect, read }) => {
    const channel = await connect('ada');
    const page = await channel.history();
    same(page.messages, [], 'the history of an empty channel');
    same(page.next, undefined, 'the next page of an empty channel');

    const reader = await read(channel);
    await create(await connect('bob'), draft('first'));
    await reader.knows(await listAll(channel));
    const [first] = reader.state();
    same(first?.id, 'first', 'the first message of the channel');
  },
});
