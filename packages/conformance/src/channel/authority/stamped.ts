import type { Draft, Message } from '@holdfast/channel';
import { holds, same } from '../../law/violation.ts';
import { create, draft, update } from '../acts.ts';
import { defineLaw } from '../law.ts';
import { listAll } from '../listing.ts';

export const stamped = defineLaw({
  id: 'P5.stamped',
  title: 'who published and when is stamped by the channel, whatever the publisher says',
  check: async ({ connect, name, open, read }) => {
    const claims = { role: 'agent', teams: ['a', 1, null] };
    const ada = (await open('ada', claims)).channel(name);
    const bob = await connect('bob');
    const reader = await read(bob);
    const lie = { clientId: 'eve', claims: { role: 'staff' }, serial: '0', version: 'z', timestamp: 1 };
    const { serial, version } = await create(ada, { ...draft('m', 'a'), ...lie } as Draft);
    await create(bob, draft('other', 'b'));

    const log = await listAll(bob);
    const [first, second] = log;
    holds(first !== undefined && second !== undefined, 'a message is missing');
    same(author(first), { clientId: 'ada', claims }, 'who published the first message');
    same([first.serial, first.version], [serial, version], 'its serial and version, against the receipt');
    same(author(second).clientId, 'bob', 'who published the second message');
    holds(
      Number.isFinite(first.timestamp) && first.timestamp > 1 && second.timestamp >= first.timestamp,
      `the times of two messages are ${first.timestamp} and ${second.timestamp}`,
    );
    await reader.knows(log);
  },
});

export const authorStays = defineLaw({
  id: 'P5.stays',
  title: 'an update changes what a message says, not who created it and when',
  check: async ({ name, open, read }) => {
    const before = (await open('ada', { role: 'agent' })).channel(name);
    const after = (await open('ada', { role: 'staff' })).channel(name);
    const reader = await read(after);
    const { serial } = await create(before, draft('m', 'a'));
    const [created] = await listAll(before);
    holds(created !== undefined, 'the message is missing');
    await update(after, serial, { data: 'b' });
    const log = await listAll(before);
    const [updated] = log;
    holds(updated !== undefined, 'the message is missing');
    same(author(updated), { clientId: 'ada', claims: { role: 'agent' } }, 'who created the message');
    same(
      [updated.serial, updated.id, updated.timestamp],
      [created.serial, created.id, created.timestamp],
      'serial, id and time of the message',
    );
    await reader.knows(log);
  },
});

function author({ clientId, claims }: Message) {
  return { clientId, claims };
}
