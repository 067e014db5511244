import type { Channel, Serial } from '@holdfast/channel';
import { holds, same } from '../../law/violation.ts';
import { annotate, append, create, draft, refused, remove, update } from '../acts.ts';
import { defineLaw } from '../law.ts';
import { listAll } from '../listing.ts';

export const creatorOnly = defineLaw({
  id: 'P3.creator-only',
  title: 'only its creator may append to, update or delete a message; nothing changes where another tries',
  check: async ({ connect, read }) => {
    const ada = await connect('ada');
    const bob = await connect('bob');
    const reader = await read(bob);
    const { serial } = await create(ada, draft('hers', 'text'));
    await create(bob, draft('his', 'text'));
    const before = await listAll(ada);
    await changeInVain(bob, serial);
    same(await listAll(ada), before, "the messages after another's attempts to change one");
    await reader.knows(before);
  },
});

export const sameClient = defineLaw({
  id: 'P3.same-client',
  title: 'its creator may change a message over another connection',
  check: async ({ connect, read }) => {
    const phone = await connect('ada');
    const laptop = await connect('ada');
    const reader = await read(await connect('bob'));
    const { serial } = await create(phone, draft('hers', 'a'));
    await append(laptop, serial, 'b', 1);
    await append(phone, serial, 'c', 2);
    same((await listAll(phone))[0]?.data, 'abc', 'text that two connections of one client grew');
    await update(laptop, serial, { data: 'new' });
    await remove(phone, serial);
    const log = await listAll(phone);
    same(log[0]?.deleted, true, 'whether the message was deleted');
    await reader.knows(log);
  },
});

export const anonymous = defineLaw({
  id: 'P3.anonymous',
  title: 'what an anonymous connection created, no other may change, anonymous or not',
  check: async ({ connect, name, open }) => {
    const mine = (await open()).channel(name);
    const other = (await open()).channel(name);
    const { serial } = await create(mine, draft('mine', 'text'));
    const before = await listAll(mine);
    holds(before[0]?.clientId === undefined, 'a message of an anonymous connection bears a clientId');
    await changeInVain(other, serial);
    await changeInVain(await connect('bob'), serial);
    same(await listAll(mine), before, "the messages after others' attempts to change one");
    await append(mine, serial, '!', 4);
    same((await listAll(mine))[0]?.data, 'text!', 'text that its own connection grew');
  },
});

export const anyoneAnnotates = defineLaw({
  id: 'P3.anyone-annotates',
  title: "annotating another's message is no change to it",
  check: async ({ connect, read }) => {
    const ada = await connect('ada');
    const bob = await connect('bob');
    const reader = await read(ada);
    const { serial } = await create(ada, draft('hers', 'text'));
    const [before] = await listAll(ada);
    await annotate(bob, serial, { action: 'add', id: 'n-1', type: 'likes:flag.v1' });
    const log = await listAll(ada);
    same({ ...log[0], annotations: undefined }, before, 'the message beside its annotations');
    same(
      log[0]?.annotations?.types,
      { 'likes:flag.v1': { total: 1, clientIds: ['bob'] } },
      'the annotations of the message',
    );
    await reader.knows(log);
  },
});

async function changeInVain(channel: Channel, serial: Serial): Promise<void> {
  await refused(append(channel, serial, 'x', 4), "an append to another's message", 'forbidden');
  await refused(update(channel, serial, { data: 'x' }), "an update of another's message", 'forbidden');
  await refused(remove(channel, serial), "the deletion of another's message", 'forbidden');
}
