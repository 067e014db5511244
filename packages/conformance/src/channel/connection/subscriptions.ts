import { same } from '../../law/violation.ts';
import { append, create, draft } from '../acts.ts';
import { defineLaw } from '../law.ts';
import { listAll } from '../listing.ts';
import { within } from '../waiting.ts';

export const apart = defineLaw({
  id: 'I1.apart',
  title: 'channels have nothing to do with each other, even where ids are the same',
  check: async ({ fresh, name, open, read }) => {
    const channels = await open('ada');
    const [here, there] = [channels.channel(name), channels.channel(fresh())];
    const readers = [await read(here), await read(there)] as const;
    const hers = await create(here, draft('m', 'here'));
    const other = await create(there, draft('m', 'there'));
    await append(there, other.serial, '!', 5);
    await append(here, hers.serial, '?', 4);
    for (const [index, channel] of [here, there].entries()) {
      const log = await listAll(channel);
      same(
        log.map(({ data }) => data),
        [index === 0 ? 'here?' : 'there!'],
        'the messages of one of two channels',
      );
      await readers[index === 0 ? 0 : 1].knows(log);
    }
  },
});

export const unsubscribed = defineLaw({
  id: 'I3.close',
  title: 'a closed subscription ends without an error and gets nothing more',
  check: async ({ connect, patience, read }) => {
    const ada = await connect('ada');
    const bob = await connect('bob');
    const reader = await read(bob);
    const early = await bob.subscribe(({ kind }) => void heard.push(kind));
    const heard: string[] = [];
    const { serial } = await create(ada, draft('m', 'a'));
    await reader.sees(serial);
    early.close();
    early.close();
    const before = heard.length;
    same(
      await within(early.closed, patience, 'a subscription to end'),
      undefined,
      'the error with which a closed subscription ended',
    );
    await append(ada, serial, 'b', 1);
    await reader.knows(await listAll(ada));
    same(heard.length, before, 'the number of deliveries after close');
  },
});
