import { same } from '../../law/violation.ts';
import { create, draft, publish } from '../acts.ts';
import { defineLaw } from '../law.ts';
import { listAll } from '../listing.ts';

export const paging = defineLaw({
  id: 'I2.paging',
  title: 'history is the same list, newest first, in pages of any size',
  check: async ({ connect }) => {
    const channel = await connect('ada');
    const ids = Array.from({ length: 12 }, (_, index) => `m-${index}`);
    await publish(
      channel,
      ids.map((id) => ({ action: 'create', draft: draft(id) })),
    );

    for (const limit of [1, 2, 3, 5, 11, 12, 13, 1000]) {
      const messages = await listAll(channel, { limit });
      same(
        messages.map(({ id }) => id),
        ids,
        `history in pages of ${limit}`,
      );
      const first = await channel.history({ limit });
      same(first.messages[0]?.id, 'm-11', 'the newest message, which comes first');
      same(first.messages.length, Math.min(limit, 12), `the length of a first page of ${limit}`);
    }
  },
});

export const pagingMeanwhile = defineLaw({
  id: 'I2.paging-meanwhile',
  title: 'paging repeats and skips nothing while new messages arrive',
  check: async ({ connect }) => {
    const channel = await connect('ada');
    const other = await connect('bob');
    const ids = Array.from({ length: 6 }, (_, index) => `m-${index}`);
    await publish(
      channel,
      ids.map((id) => ({ action: 'create', draft: draft(id) })),
    );

    const found: string[] = [];
    let page = await channel.history({ limit: 2 });
    for (let index = 0; ; index += 1) {
      found.push(...page.messages.map(({ id }) => id));
      if (page.next === undefined) break;
      await create(other, draft(`new-${index}`));
      page = await channel.history({ limit: 2, cursor: page.next });
    }
    same(found, ids.reverse(), 'the messages that were there when paging began');
  },
});
