import { holds, same } from '../../law/violation.ts';
import { defineLaw } from '../law.ts';
import { watchPresence } from './watcher.ts';

export const lost = defineLaw({
  id: 'I8.lost',
  title: 'a member whose process dies disappears within the lease',
  requires: ['kill'],
  check: async ({ backend, connect, fault, features, name, open, patience }) => {
    const doomed = await open('ada');
    const bob = await connect('bob');
    const { pass } = backend;
    const watcher = await watchPresence(
      bob,
      pass === undefined ? features.presenceLeaseMs + patience : patience,
    );
    await bob.presence.enter('stays');
    await doomed.channel(name).presence.enter('dies');
    await watcher.sees([
      { clientId: 'ada', data: 'dies' },
      { clientId: 'bob', data: 'stays' },
    ]);

    await fault('kill')(doomed);
    await pass?.(features.presenceLeaseMs + 1);
    await watcher.sees([{ clientId: 'bob', data: 'stays' }]);
    const leave = watcher.events.find((event) => event.kind === 'leave');
    holds(leave === undefined || leave.member.clientId === 'ada', 'a member left that was alive');
    same(
      (await bob.presence.members()).map(({ data }) => data),
      ['stays'],
      'the data of the members after one has died',
    );
    watcher.close();
  },
});

export const kept = defineLaw({
  id: 'I8.kept',
  title: 'a member that lives stays for as long as it likes',
  requires: ['pass'],
  check: async ({ connect, fault, features, patience }) => {
    const ada = await connect('ada');
    const bob = await connect('bob');
    const watcher = await watchPresence(bob, patience);
    await ada.presence.enter('here');
    await watcher.sees([{ clientId: 'ada', data: 'here' }]);
    for (let round = 0; round < 3; round += 1) await fault('pass')(features.presenceLeaseMs);
    same(
      (await bob.presence.members()).map(({ data }) => data),
      ['here'],
      'the data of the members',
    );
    await watcher.sees([{ clientId: 'ada', data: 'here' }]);
    same(watcher.events.filter((event) => event.kind === 'leave').length, 0, 'the number of leaves');
    watcher.close();
  },
});

export const presenceReconnect = defineLaw({
  id: 'I8.reconnect',
  title: 'after a broken connection a subscriber knows who is present, and its own member is',
  requires: ['cut'],
  check: async ({ connect, cut, open, name, patience }) => {
    const broken = await open('ada');
    const watcher = await watchPresence(broken.channel(name), patience);
    const [bob, cyd] = [await connect('bob'), await connect('cyd')];
    await broken.channel(name).presence.enter('a');
    await bob.presence.enter('b');
    await watcher.sees([
      { clientId: 'ada', data: 'a' },
      { clientId: 'bob', data: 'b' },
    ]);

    const restore = await cut(broken);
    await bob.presence.leave();
    await cyd.presence.enter('c');
    await restore();
    await watcher.sees([
      { clientId: 'ada', data: 'a' },
      { clientId: 'cyd', data: 'c' },
    ]);
    const other = await watchPresence(cyd, patience);
    await other.sees([
      { clientId: 'ada', data: 'a' },
      { clientId: 'cyd', data: 'c' },
    ]);
    watcher.close();
    other.close();
  },
});
