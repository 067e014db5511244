import { holds, same } from '../../law/violation.ts';
import { defineLaw } from '../law.ts';
import { watchPresence } from './watcher.ts';

export const sync = defineLaw({
  id: 'I8.sync',
  title: 'a subscriber is told who is present before it is told of changes',
  check: async ({ connect, patience }) => {
    const ada = await connect('ada');
    const bob = await connect('bob');
    await ada.presence.enter('a');
    await bob.presence.enter('b');
    const watcher = await watchPresence(await connect('cyd'), patience);
    await watcher.until(() => watcher.events.length > 0, 'a sync');
    const [first] = watcher.events;
    holds(first?.kind === 'sync', `the first presence event is ${String(first?.kind)}, not a sync`);
    same(
      first.members.map(({ data }) => JSON.stringify(data)).sort(),
      ['"a"', '"b"'],
      'the data of the members in the sync',
    );
    await ada.presence.leave();
    await watcher.sees([{ clientId: 'bob', data: 'b' }]);
    watcher.close();
  },
});

export const connections = defineLaw({
  id: 'I8.connections',
  title: 'two connections of one client are two members',
  check: async ({ connect, patience }) => {
    const phone = await connect('ada');
    const laptop = await connect('ada');
    const watcher = await watchPresence(await connect('bob'), patience);
    await phone.presence.enter('phone');
    await laptop.presence.enter('laptop');
    await watcher.sees([
      { clientId: 'ada', data: 'phone' },
      { clientId: 'ada', data: 'laptop' },
    ]);
    same((await phone.presence.members()).length, 2, 'the number of members');
    await phone.presence.leave();
    await watcher.sees([{ clientId: 'ada', data: 'laptop' }]);
    watcher.close();
  },
});

export const scope = defineLaw({
  id: 'I8.scope',
  title: 'presence is of one channel',
  check: async ({ open, name, fresh, patience }) => {
    const channels = await open('ada');
    const [here, there] = [channels.channel(name), channels.channel(fresh())];
    const watcher = await watchPresence(here, patience);
    await there.presence.enter('there');
    await here.presence.enter('here');
    await watcher.sees([{ clientId: 'ada', data: 'here' }]);
    await there.presence.leave();
    same(
      (await here.presence.members()).map(({ data }) => data),
      ['here'],
      'the data of the members',
    );
    same(await there.presence.members(), [], 'the members of the other channel');
    watcher.close();
  },
});

export const closeLeaves = defineLaw({
  id: 'I8.close-leaves',
  title: 'closing a connection leaves',
  check: async ({ connect, open, name, patience }) => {
    const channels = await open('ada');
    const bob = await connect('bob');
    const watcher = await watchPresence(bob, patience);
    await channels.channel(name).presence.enter('here');
    await watcher.sees([{ clientId: 'ada', data: 'here' }]);
    await channels.close();
    await watcher.sees([]);
    const last = watcher.events.at(-1);
    holds(last?.kind !== 'leave' || last.reason === 'left', 'closing is told as the end of a lease');
    same(await bob.presence.members(), [], 'the members after the only one closed');
    watcher.close();
  },
});
