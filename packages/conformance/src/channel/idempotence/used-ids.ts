import { same } from '../../law/violation.ts';
import { create, draft, refused } from '../acts.ts';
import { defineLaw } from '../law.ts';
import { listAll } from '../listing.ts';

export const otherContent = defineLaw({
  id: 'P4.other-content',
  title: 'an id that is used again for other content is refused, and nothing changes',
  check: async ({ connect, read }) => {
    const ada = await connect('ada');
    const reader = await read(await connect('bob'));
    const first = draft('m', { text: 'one' }, { headers: { kind: 'a' } });
    await create(ada, first);
    const before = await listAll(ada);

    await refused(create(ada, { ...first, data: { text: 'two' } }), 'other data under a used id', 'conflict');
    await refused(create(ada, { ...first, name: 'other' }), 'another name under a used id', 'conflict');
    await refused(create(ada, { ...first, headers: {} }), 'other headers under a used id', 'conflict');

    same(await listAll(ada), before, 'the messages after the refusals');
    await reader.knows(before);
  },
});

export const otherPublisher = defineLaw({
  id: 'P4.other-publisher',
  title: 'an id that another publisher has used is refused, and nothing changes',
  check: async ({ connect, read }) => {
    const ada = await connect('ada');
    const bob = await connect('bob');
    const reader = await read(bob);
    await create(ada, draft('m', 'hers'));
    const before = await listAll(ada);

    await refused(
      create(bob, draft('m', 'hers')),
      "another publisher's id with the same content",
      'conflict',
    );
    await refused(create(bob, draft('m', 'his')), "another publisher's id with other content", 'conflict');

    same(await listAll(ada), before, 'the messages after the refusals');
    await reader.knows(before);
  },
});
