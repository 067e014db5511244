import { same } from '../../law/violation.ts';
import { append, create, draft } from '../acts.ts';
import { defineLaw } from '../law.ts';
import { listAll } from '../listing.ts';

export const until = defineLaw({
  id: 'I2.until',
  title:
    'history up to a position holds what was created before it, at least as fresh, and nothing created later',
  check: async ({ connect }) => {
    const channel = await connect('ada');
    const { serial } = await create(channel, draft('early', 'x'));
    await create(channel, draft('early-too'));
    const subscription = await channel.subscribe(() => {});
    await append(channel, serial, 'y', 1);
    await create(channel, draft('late'));
    await create(channel, draft('latest'));

    for (const limit of [1, 2, 100]) {
      const messages = await listAll(channel, { until: subscription.start, limit });
      same(
        messages.map(({ id }) => id),
        ['early', 'early-too'],
        `history up to a position, in pages of ${limit}`,
      );
      const text = messages[0]?.data;
      same(
        text === 'x' || text === 'xy',
        true,
        `that the text ${JSON.stringify(text)} is as fresh as the position`,
      );
    }
    subscription.close();
  },
});
