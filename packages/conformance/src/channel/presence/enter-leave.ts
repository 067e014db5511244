import { holds, same } from '../../law/violation.ts';
import { defineLaw } from '../law.ts';
import { watchPresence } from './watcher.ts';

export const enterLeave = defineLaw({
  id: 'I8.enter-leave',
  title: 'who enters, changes its data and leaves is seen doing so',
  check: async ({ connect, open, name, patience }) => {
    const channels = await open('ada', { role: 'agent' });
    const ada = channels.channel(name);
    const watcher = await watchPresence(await connect('bob'), patience);
    await watcher.sees([]);

    await ada.presence.enter({ mood: ['fine', null] });
    await watcher.until(() => watcher.events.length > 1, 'a presence event of who enters');
    const entered = watcher.events[1];
    holds(entered?.kind === 'enter', `entering is told as ${String(entered?.kind)}`);
    same(entered.member.clientId, 'ada', 'the clientId of who enters');
    same(entered.member.claims, { role: 'agent' }, 'the claims of who enters');
    same(entered.member.data, { mood: ['fine', null] }, 'the data of who enters');

    await ada.presence.enter({ mood: 0 });
    await watcher.until(() => watcher.events.length > 2, 'a presence event of who enters again');
    const updated = watcher.events[2];
    holds(updated?.kind === 'update', `entering again is told as ${String(updated?.kind)}`);
    same(updated.member, { ...entered.member, data: { mood: 0 } }, 'the member after it entered again');
    same(await ada.presence.members(), [updated.member], 'the members');

    await ada.presence.leave();
    await watcher.until(() => watcher.events.length > 3, 'a presence event of who leaves');
    const left = watcher.events[3];
    holds(left?.kind === 'leave', `leaving is told as ${String(left?.kind)}`);
    same(left.reason, 'left', 'the reason of who leaves');
    same(left.member.memberId, entered.member.memberId, 'the member who leaves');
    same(await ada.presence.members(), [], 'the members after everyone left');
    watcher.close();
  },
});

export const presenceData = defineLaw({
  id: 'I8.data',
  title: 'a member may enter with any JSON value; without one its data is null',
  check: async ({ connect, patience }) => {
    const ada = await connect('ada');
    const watcher = await watchPresence(await connect('bob'), patience);
    await ada.presence.enter();
    await watcher.sees([{ clientId: 'ada', data: null }]);
    for (const data of [0, false, '', 'x\u0000\u2028\ud800', [[]], { a: { b: null } }]) {
      await ada.presence.enter(data);
      await watcher.sees([{ clientId: 'ada', data }]);
    }
    await ada.presence.leave();
    await watcher.sees([]);
    watcher.close();
  },
});

export const leaveAbsent = defineLaw({
  id: 'I8.leave-absent',
  title: 'leaving without being present does nothing',
  check: async ({ connect, patience }) => {
    const ada = await connect('ada');
    const bob = await connect('bob');
    const watcher = await watchPresence(bob, patience);
    await bob.presence.enter('here');
    await ada.presence.leave();
    await ada.presence.enter('now');
    await watcher.sees([
      { clientId: 'ada', data: 'now' },
      { clientId: 'bob', data: 'here' },
    ]);
    await ada.presence.leave();
    await ada.presence.leave();
    await watcher.sees([{ clientId: 'bob', data: 'here' }]);
    same(watcher.events.filter((event) => event.kind === 'leave').length, 1, 'the number of leaves');
    watcher.close();
  },
});
