import type { Delivery } from '@holdfast/channel';
import { holds, same } from '../../law/violation.ts';
import { create, draft } from '../acts.ts';
import { defineLaw } from '../law.ts';
import { listAll } from '../listing.ts';

/** Publishers don't wait for each other, and a subscriber that publishes itself has no order of its own. */
export const oneOrder = defineLaw({
  id: 'I1.one-order',
  title: 'all subscribers meet the messages of concurrent publishers in one order, that of history',
  check: async ({ connect, read, scaled }) => {
    const publishers = await Promise.all(['ada', 'bob', 'cyd'].map((clientId) => connect(clientId)));
    const watcher = await connect('dan');
    const readers = await Promise.all([...publishers, watcher].map((channel) => read(channel)));

    const count = scaled(15);
    await Promise.all(
      publishers.flatMap((channel, who) =>
        Array.from({ length: count }, (_, index) => create(channel, draft(`${who}-${index}`, index))),
      ),
    );

    const log = await listAll(watcher);
    holds(log.length === publishers.length * count, `history holds ${log.length} messages`);
    for (const reader of readers) {
      await reader.knows(log);
      // Across a gap a subscriber meets messages in history instead.
      const met = new Set(meetings(reader.deliveries));
      same(
        [...met],
        log.map(({ serial }) => serial).filter((serial) => reader.gaps === 0 || met.has(serial)),
        'the order in which a subscriber met the messages',
      );
    }
  },
});

function meetings(deliveries: readonly Delivery[]): readonly string[] {
  return deliveries.flatMap((each) => (each.kind === 'message' ? [each.message.serial] : []));
}
