import type { Channel } from '@holdfast/channel';
import { append, create, draft } from '../acts.ts';
import { defineLaw } from '../law.ts';
import { listAll } from '../listing.ts';
import type { Reader } from '../reader.ts';
import { breathe } from '../waiting.ts';

/** Joins at many moments of a burst, with small pages, so that reading history overlaps with publishing. */
export const burst = defineLaw({
  id: 'I2.seam',
  title:
    'history up to the start and the deliveries after it are the whole log, each message once, amid a burst',
  check: async ({ connect, read, scaled }) => {
    const ada = await connect('ada');
    const bob = await connect('bob');
    const watcher = await connect('cyd');
    const joiners: Promise<Reader>[] = [];
    const count = scaled(30);

    const publishing = [talk(ada, 'a', count), talk(bob, 'b', count)];
    const joining = (async () => {
      for (let index = 0; index < 6; index += 1) {
        const reader = read(watcher, { pageSize: 1 + index });
        joiners.push(reader);
        await reader;
      }
    })();
    await Promise.all([...publishing, joining]);

    const log = await listAll(watcher);
    for (const reader of await Promise.all(joiners)) await reader.knows(log);
  },
});

/** One message that grows while others are created; nothing waits for the receipt of what came before. */
async function talk(channel: Channel, who: string, count: number): Promise<void> {
  const { serial } = await create(channel, draft(`${who}-growing`));
  let calls: Promise<unknown> = Promise.resolve();
  for (let index = 0; index < count; index += 1) {
    const made = [append(channel, serial, who, index), create(channel, draft(`${who}-${index}`, index))];
    calls = Promise.all([calls, ...made]);
    if (index % 2 !== 0) continue;
    await calls;
    await breathe();
  }
  await calls;
}
