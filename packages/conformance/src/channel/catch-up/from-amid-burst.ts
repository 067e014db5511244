import type { Channel, Delivery, Position } from '@holdfast/channel';
import { append, create, draft } from '../acts.ts';
import { defineLaw } from '../law.ts';
import { listAll } from '../listing.ts';
import type { Reader } from '../reader.ts';
import { follow } from '../following.ts';
import { EMPTY_VIEW } from '../view.ts';
import { breathe } from '../waiting.ts';
import type { View } from '../view.ts';

/** The place where a catch-up and the live tail meet, while the tail moves. */
export const fromAmidBurst = defineLaw({
  id: 'I3.from-amid-burst',
  title: 'who goes on from a position while others publish misses nothing and counts nothing twice',
  check: async ({ connect, read, scaled }) => {
    const ada = await connect('ada');
    const watcher = await connect('bob');
    const first = await read(watcher);
    const { serial } = await create(ada, draft('growing'));
    const count = scaled(40);

    const publishing = (async () => {
      let calls: Promise<unknown> = Promise.resolve();
      for (let index = 0; index < count; index += 1) {
        const text = String(index % 10);
        const made = [append(ada, serial, text, index), create(ada, draft(`m-${index}`, index))];
        calls = Promise.all([calls, ...made]);
        if (index % 3 !== 0) continue;
        await calls;
        await breathe();
      }
      await calls;
    })();

    const resumed: Reader[] = [];
    const resuming = (async () => {
      for (let index = 0; index < 8; index += 1) {
        await first.until(() => first.deliveries.length > index, 'deliveries');
        const known = await upTo(watcher, first.deliveries.slice(0, index + 1));
        if (known.position === undefined) continue;
        resumed.push(await read(watcher, { from: known.position, knowing: known.view }));
      }
    })();
    await Promise.all([publishing, resuming]);

    const log = await listAll(watcher);
    await first.knows(log);
    for (const reader of resumed) await reader.knows(log);
  },
});

async function upTo(
  channel: Channel,
  deliveries: readonly Delivery[],
): Promise<{ view: View; position: Position | undefined }> {
  let view = EMPTY_VIEW;
  let position: Position | undefined;
  for (const delivery of deliveries) {
    view = await follow(channel, view, delivery);
    if (delivery.kind !== 'signal') position = delivery.position;
  }
  return { view, position };
}
