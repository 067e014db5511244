import type { Channel, Operation } from '@holdfast/channel';
import { same } from '../../law/violation.ts';
import { append, create, draft, publish, refused } from '../acts.ts';
import { defineLaw } from '../law.ts';
import { listAll } from '../listing.ts';

export const atomic = defineLaw({
  id: 'P27.atomic',
  title: 'an array of creates is stored as a whole or, where one of them is refused, not at all',
  check: async ({ connect, read }) => {
    const ada = await connect('ada');
    const bob = await connect('bob');
    const reader = await read(bob);
    await create(bob, draft('taken', 'his'));
    const before = await listAll(ada);

    const spoilers: readonly (readonly [string, Operation])[] = [
      ['an id that another publisher has used', { action: 'create', draft: draft('taken', 'hers') }],
      ['one id for two messages', { action: 'create', draft: draft('new-0', 'other') }],
      ['a draft without an id', { action: 'create', draft: draft('') }],
    ];
    for (const [what, spoiler] of spoilers) {
      const array = [...news(), spoiler, { action: 'create', draft: draft('new-9') } as const];
      await refused(publish(ada, array), what, 'conflict', 'invalid');
      same(await listAll(ada), before, `the messages after an array with ${what}`);
    }

    // What was refused has used up no id.
    await publish(ada, news());
    const log = await listAll(ada);
    same(
      log.map(({ id }) => id),
      ['taken', 'new-0', 'new-1', 'new-2'],
      'the messages after an array that is in order',
    );
    await reader.knows(log);
  },
});

function news(): readonly Operation[] {
  return [0, 1, 2].map((index) => ({ action: 'create', draft: draft(`new-${index}`, index) }));
}

export const retriedArray = defineLaw({
  id: 'P27.retried',
  title: 'an array of creates that is repeated, in whole or in part, stores each message once',
  check: async ({ connect, read }) => {
    const ada = await connect('ada');
    const again = await connect('ada');
    const reader = await read(await connect('bob'));
    const receipts = await publish(ada, news());
    const repeated = await publish(again, [...news(), { action: 'create', draft: draft('more') }]);
    same(
      repeated.slice(0, 3).map(({ serial }) => serial),
      receipts.map(({ serial }) => serial),
      'the serials that repeated creates get',
    );
    const twice = { action: 'create', draft: draft('twice') } as const;
    const [one, other] = await publish(ada, [twice, twice]);
    same(one?.serial, other?.serial, 'the serials of one create that is twice in an array');

    const log = await listAll(ada);
    same(
      log.map(({ id }) => id),
      ['new-0', 'new-1', 'new-2', 'more', 'twice'],
      'the messages after repeated arrays',
    );
    await reader.knows(log);
  },
});

export const stops = defineLaw({
  id: 'P27.stops',
  title: 'a mixed array takes effect up to the first operation that is refused, and no further',
  requires: ['checksOffsets'],
  check: async ({ connect, read }) => {
    const ada = await connect('ada');
    const reader = await read(await connect('bob'));
    const { serial } = await create(ada, draft('growing'));
    const wrong: Operation = { action: 'append', serial, data: 'x', offset: 99 };
    await refused(
      publish(ada, [
        { action: 'append', serial, data: 'before', offset: 0 },
        { action: 'create', draft: draft('between') },
        wrong,
        { action: 'append', serial, data: ' after', offset: 6 },
        { action: 'create', draft: draft('beyond') },
      ]),
      'an array with an append at a wrong offset',
      'conflict',
    );
    const log = await listAll(ada);
    same(
      log.map(({ id, data }) => [id, data]),
      [
        ['growing', 'before'],
        ['between', ''],
      ],
      'the messages after an array whose third operation was refused',
    );
    await append(ada, serial, '!', 6);
    await reader.knows(await listAll(ada));
  },
});

export const emptyArray = defineLaw({
  id: 'P27.empty',
  title: 'an empty array has no receipts and changes nothing',
  check: async ({ connect }) => {
    const ada: Channel = await connect('ada');
    same(await publish(ada, []), [], 'the receipts of an empty array');
    same(await listAll(ada), [], 'the messages after an empty array');
  },
});
