import { holds, same } from '../../law/violation.ts';
import { create, draft, refused } from '../acts.ts';
import { defineLaw } from '../law.ts';
import { listAll } from '../listing.ts';
import { waitUntil } from '../waiting.ts';

export const oneObject = defineLaw({
  id: 'contract.one-object',
  title: 'a name has one channel object, which bears the name; a bad name is refused',
  check: async ({ name, fresh, open }) => {
    const channels = await open('ada');
    const channel = channels.channel(name);
    holds(channels.channel(name) === channel, 'asking twice for a name gave two objects');
    same(channel.name, name, 'the name of the channel');
    holds(channels.channel(fresh()) !== channel, 'two names gave one object');
    for (const bad of ['', 'a\u0000b', 'x'.repeat(513)]) {
      const asked = Promise.resolve().then(() => channels.channel(bad));
      await refused(asked, `the name ${JSON.stringify(bad)}`, 'invalid');
    }
  },
});

export const connectionState = defineLaw({
  id: 'contract.connection',
  title: 'a connection tells who it speaks for and its state, and every change of it',
  check: async ({ name, open }) => {
    const channels = await open('ada');
    const states: string[] = [];
    const stopped: string[] = [];
    channels.connection.subscribe(({ status }) => void states.push(status));
    const stop = channels.connection.subscribe(({ status }) => void stopped.push(status));
    await listAll(channels.channel(name));
    same(channels.connection.state.status, 'connected', 'the state of a connection that has just answered');
    same(channels.connection.clientId, 'ada', 'who the connection speaks for');
    stop();
    const before = stopped.length;
    await channels.close();
    same(channels.connection.state.status, 'closed', 'the state of a closed connection');
    same(states.at(-1), 'closed', 'the last state that was told');
    same(stopped.length, before, 'the number of states told to who has stopped listening');
  },
});

export const connectionCut = defineLaw({
  id: 'contract.connection-cut',
  title: 'a connection that broke says so, and says when it is back',
  requires: ['cut'],
  check: async ({ cut, name, open, patience }) => {
    const channels = await open('ada');
    await create(channels.channel(name), draft('m'));
    const states: string[] = [];
    const wake = new Set<() => void>();
    channels.connection.subscribe(({ status }) => {
      states.push(status);
      for (const each of wake) each();
    });
    const restore = await cut(channels);
    await waitUntil({
      ready: () => states.some((status) => status !== 'connected'),
      wake,
      patience,
      what: 'a cut connection to say so',
    });
    await restore();
    await waitUntil({
      ready: () => channels.connection.state.status === 'connected',
      wake,
      patience,
      what: 'a healed connection to say so',
    });
    same(states.at(-1), 'connected', 'the last state that was told');
    same((await listAll(channels.channel(name))).length, 1, 'the number of messages');
  },
});
