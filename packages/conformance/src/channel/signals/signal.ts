import type { Channel, Draft } from '@holdfast/channel';
import { holds, same } from '../../law/violation.ts';
import { append, create, draft, refused } from '../acts.ts';
import { defineLaw } from '../law.ts';
import { listAll } from '../listing.ts';
import { ODD_TEXTS, ODD_VALUES } from '../payload/odd.ts';
import type { Reader } from '../reader.ts';

export const signalled = defineLaw({
  id: 'P23.signal',
  title: 'a signal reaches current subscribers with its stamped author, and is never stored',
  check: async ({ connect, name, open, read }) => {
    const ada = (await open('ada', { role: 'agent' })).channel(name);
    const readers = [await read(ada), await read(await connect('bob'))];
    const { serial } = await create(ada, draft('m', 'a'));
    const before = await listAll(ada);
    const lie = { clientId: 'eve', serial: '0' };
    for (const [index, data] of [...ODD_VALUES, ODD_TEXTS.join('')].entries()) {
      const what = { ...draft(`beat-${index}`, data, { name: 'beat', headers: { kind: 'x' } }), ...lie };
      const found = await signalUntilSeen(ada, what, readers);
      for (const signal of found) {
        same(
          { ...signal, id: 'beat', timestamp: 0 },
          {
            id: 'beat',
            name: 'beat',
            data,
            headers: { kind: 'x' },
            timestamp: 0,
            clientId: 'ada',
            claims: { role: 'agent' },
          },
          'a signal as it was delivered',
        );
        holds(Number.isFinite(signal.timestamp), 'a signal has no timestamp');
      }
    }
    same(await listAll(ada), before, 'the messages after signals');

    // Signals leave no trace in the log's order.
    await append(ada, serial, 'b', 1);
    const late = await read(await connect('cyd'));
    const log = await listAll(ada);
    for (const reader of [...readers, late]) await reader.knows(log);
    same(late.signals, [], 'the signals that a late subscriber gets');
  },
});

/** A signal may be lost where a connection breaks; whoever needs it to arrive sends it again. */
async function signalUntilSeen(channel: Channel, what: Draft, readers: readonly Reader[]) {
  const seen = (reader: Reader, tag: string) => reader.signals.find(({ id }) => id.startsWith(tag));
  const tag = `${what.id} `;
  for (let round = 0; ; round += 1) {
    await channel.signal({ ...what, id: `${tag}${round}` });
    const waits = readers.map((reader) =>
      reader.until(() => seen(reader, tag) !== undefined, 'a signal to arrive', round < 20 ? 50 : undefined),
    );
    const results = await Promise.allSettled(waits);
    const failed = results.find((result) => result.status === 'rejected');
    if (failed === undefined) break;
    if (round >= 20) throw failed.reason;
  }
  return readers.flatMap((reader) => seen(reader, tag) ?? []);
}

export const signalRefused = defineLaw({
  id: 'P23.signal-refused',
  title: 'a malformed or too large signal is refused, and the channel works on',
  requires: ['maxMessageBytes'],
  check: async ({ connect, features, read }) => {
    const ada = await connect('ada');
    const reader = await read(await connect('bob'));
    await refused(ada.signal(draft('')), 'a signal without an id', 'invalid');
    await refused(ada.signal({ ...draft('s'), data: Number.NaN }), 'a signal that is not JSON', 'invalid');
    const all = 'x'.repeat(features.maxMessageBytes);
    await refused(ada.signal(draft('s', all)), 'a signal over the size limit', 'too_large');
    await create(ada, draft('m'));
    await reader.knows(await listAll(ada));
    same(reader.signals, [], 'the signals that were delivered');
  },
});
