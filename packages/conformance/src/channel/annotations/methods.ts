import { defineLaw } from '../law.ts';
import { openTally } from './tally.ts';

export const total = defineLaw({
  id: 'P24.total',
  title: 'total counts every annotation, whoever made it, and a removal takes one from the count',
  check: async (context) => {
    const { ada, bob, add, remove, is } = await openTally(context, 'likes:total.v1');
    await add(ada);
    await is({ total: 1 }, 'the first');
    await add(ada);
    await add(bob);
    await is({ total: 3 }, 'two of one client and one of another');
    await remove(bob);
    await remove(bob);
    await is({ total: 1 }, 'two removals');
    await remove(ada);
    await is(undefined, 'as many removals as annotations');
    await remove(ada);
    await add(bob);
    await is({ total: 1 }, 'a removal where nothing was left, and one more');
  },
});

export const flag = defineLaw({
  id: 'P24.flag',
  title: 'flag keeps the set of clients that raised it',
  check: async (context) => {
    const { ada, bob, add, remove, is } = await openTally(context, 'seen:flag.v1');
    await add(ada);
    await add(ada);
    await is({ total: 1, clientIds: ['ada'] }, 'the same client raised it twice');
    await add(bob);
    await is({ total: 2, clientIds: ['ada', 'bob'] }, 'another raised it');
    await remove(ada);
    await is({ total: 1, clientIds: ['bob'] }, 'the first lowered it');
    await remove(ada);
    await is({ total: 1, clientIds: ['bob'] }, 'the first lowered it again');
    await remove(bob);
    await is(undefined, 'both lowered it');
  },
});

export const distinct = defineLaw({
  id: 'P24.distinct',
  title: 'distinct keeps for each name the set of clients; a client may use several names',
  check: async (context) => {
    const { ada, bob, add, remove, is } = await openTally(context, 'emoji:distinct.v1');
    await add(ada, { name: '👍' });
    await add(ada, { name: '👍' });
    await add(ada, { name: '❤' });
    await add(bob, { name: '👍' });
    await is(
      { '👍': { total: 2, clientIds: ['ada', 'bob'] }, '❤': { total: 1, clientIds: ['ada'] } },
      'two names of one client and one of another',
    );
    await remove(ada, { name: '👍' });
    await is(
      { '👍': { total: 1, clientIds: ['bob'] }, '❤': { total: 1, clientIds: ['ada'] } },
      'one name of one client was removed',
    );
    await remove(bob, { name: '❤' });
    await remove(ada, { name: '❤' });
    await is({ '👍': { total: 1, clientIds: ['bob'] } }, 'the last client of a name was removed');
    await remove(bob, { name: '👍' });
    await is(undefined, 'the last name was removed');
  },
});

export const unique = defineLaw({
  id: 'P24.unique',
  title: "unique keeps for each name the set of clients; a client's newer name replaces its older one",
  check: async (context) => {
    const { ada, bob, add, remove, is } = await openTally(context, 'vote:unique.v1');
    await add(ada, { name: 'yes' });
    await add(bob, { name: 'yes' });
    await is({ yes: { total: 2, clientIds: ['ada', 'bob'] } }, 'two clients with one name');
    await add(ada, { name: 'no' });
    await is(
      { yes: { total: 1, clientIds: ['bob'] }, no: { total: 1, clientIds: ['ada'] } },
      'one client changed its name',
    );
    await add(bob, { name: 'no' });
    await is({ no: { total: 2, clientIds: ['ada', 'bob'] } }, 'both changed their names');
    await remove(ada, { name: 'yes' });
    await is({ no: { total: 2, clientIds: ['ada', 'bob'] } }, 'a name was removed that its client had not');
    await remove(ada, { name: 'no' });
    await is({ no: { total: 1, clientIds: ['bob'] } }, 'one client was removed');
  },
});

export const multiple = defineLaw({
  id: 'P24.multiple',
  title: 'multiple adds up for each name the counts of each client; a removal takes back all of its own',
  check: async (context) => {
    const { ada, bob, add, remove, is } = await openTally(context, 'sources:multiple.v1');
    await add(ada, { name: 'nasa.gov' });
    await add(ada, { name: 'nasa.gov', count: 4 });
    await add(bob, { name: 'nasa.gov', count: 2 });
    await add(bob, { name: 'wikipedia.org' });
    const wikipedia = { total: 1, clientIds: { bob: 1 }, totalUnidentified: 0 };
    await is(
      {
        'nasa.gov': { total: 7, clientIds: { ada: 5, bob: 2 }, totalUnidentified: 0 },
        'wikipedia.org': wikipedia,
      },
      'counts of two clients',
    );
    await remove(ada, { name: 'nasa.gov' });
    await remove(ada, { name: 'wikipedia.org' });
    await is(
      {
        'nasa.gov': { total: 2, clientIds: { bob: 2 }, totalUnidentified: 0 },
        'wikipedia.org': wikipedia,
      },
      'one client took back its counts',
    );
    await remove(bob, { name: 'nasa.gov' });
    await is({ 'wikipedia.org': wikipedia }, 'the other took back its counts of one name');
  },
});
