import type { Delivery, Serial } from '@holdfast/channel';
import { holds, same } from '../../law/violation.ts';
import { annotate, append, draft, publish, remove, update } from '../acts.ts';
import { defineLaw } from '../law.ts';
import { listAll } from '../listing.ts';

export const wholeFirst = defineLaw({
  id: 'I3.whole-first',
  title: 'the first delivery about a message is the whole message, whatever changed',
  check: async ({ connect, read }) => {
    const channel = await connect('ada');
    const made = await publish(
      channel,
      ['grown', 'updated', 'deleted', 'annotated'].map((id) => ({
        action: 'create',
        draft: draft(id, 'base '),
      })),
    );
    const [grown, updated, deleted, annotated] = made.map(({ serial }) => serial);
    holds(grown !== undefined && updated !== undefined, 'receipts are missing');
    holds(deleted !== undefined && annotated !== undefined, 'receipts are missing');
    await append(channel, grown, 'one ', 5);
    const past = await channel.subscribe(() => {});

    const joined = await read(await connect('bob'), { deliveriesOnly: true });
    await append(channel, grown, 'two ', 9);
    await append(channel, grown, 'three', 13);
    await update(channel, updated, { data: 'new' });
    await remove(channel, deleted);
    await annotate(channel, annotated, { action: 'add', id: 'n-1', type: 'likes:total.v1' });

    const log = await listAll(channel);
    await joined.knows(log);
    const resumed = await read(await connect('cyd'), { from: past.start });
    await resumed.knows(log);
    past.close();

    for (const reader of [joined, resumed]) {
      if (reader.gaps > 0) continue; // Then history may have had the first word.
      for (const { serial } of made)
        same(firstWord(reader.deliveries, serial), 'message', `first word of ${serial}`);
    }
    same(joined.message(grown)?.data, 'base one two three', 'text put together from whole and appends');
  },
});

function firstWord(deliveries: readonly Delivery[], serial: Serial): string | undefined {
  return deliveries.find((each) => {
    switch (each.kind) {
      case 'message':
        return each.message.serial === serial;
      case 'append':
      case 'annotations':
        return each.serial === serial;
      case 'signal':
      case 'gap':
        return false;
    }
  })?.kind;
}
