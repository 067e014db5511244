import type { Position } from '@holdfast/channel';
import { holds, same } from '../../law/violation.ts';
import { append, create, draft } from '../acts.ts';
import type { LawContext } from '../context.ts';
import { defineLaw } from '../law.ts';
import { listAll } from '../listing.ts';

/** A subscription from a position that proves nothing begins with a gap, and reading history then gives everything. */
async function answersWithGap(
  context: LawContext,
  stale: (name: string, position: Position) => Promise<Position>,
): Promise<void> {
  const { connect, read, name } = context;
  const channel = await connect('ada');
  const { serial } = await create(channel, draft('growing', 'a'));
  const subscription = await channel.subscribe(() => {});
  await append(channel, serial, 'b', 1);
  await create(channel, draft('second'));
  const position = await stale(name, subscription.start);
  subscription.close();

  const after = await connect('ada');
  const reader = await read(await connect('bob'), { from: position });
  await reader.until(() => reader.deliveries.length > 0, 'a gap where the position is not good any more');
  same(reader.deliveries[0]?.kind, 'gap', 'the first delivery of a subscription that cannot go on');
  await reader.knows(await listAll(after));

  // Live goes on behind the gap.
  const third = await create(after, draft('third', 'c'));
  await append(after, third.serial, 'd', 1);
  await reader.knows(await listAll(after));
  same(reader.message(third.serial)?.data, 'cd', 'what came after the gap');
}

export const garbage = defineLaw({
  id: 'I4.garbage',
  title: 'a position that the channel never issued is answered with a gap',
  check: async (context) => {
    for (const text of ['', 'garbage', '0', '-1', '{}', '\u{1f600}:\u0000', 'z'.repeat(5000)]) {
      await answersWithGap({ ...context, ...elsewhere(context) }, () => Promise.resolve(text as Position));
    }
  },
});

/** The same context on a channel of its own. */
function elsewhere(context: LawContext): Pick<LawContext, 'name' | 'connect'> {
  const name = context.fresh();
  return { name, connect: async (clientId) => (await context.open(clientId)).channel(name) };
}

export const tooOld = defineLaw({
  id: 'I4.too-old',
  title: 'a position that is too old to go on from is answered with a gap',
  requires: ['tooOld'],
  check: (context) => answersWithGap(context, context.fault('tooOld')),
});

export const ahead = defineLaw({
  id: 'I4.ahead',
  title: 'a position ahead of the head, as after a failover, is answered with a gap',
  requires: ['ahead'],
  check: (context) => answersWithGap(context, context.fault('ahead')),
});

export const otherEpoch = defineLaw({
  id: 'I4.other-epoch',
  title: 'a position of another epoch is answered with a gap',
  requires: ['otherEpoch'],
  check: (context) => answersWithGap(context, context.fault('otherEpoch')),
});

export const unmetAfterGap = defineLaw({
  id: 'I4.unmet',
  title: 'after a gap every message counts as unmet: the next word about it is the whole message',
  check: async ({ connect, read }) => {
    const channel = await connect('ada');
    const { serial } = await create(channel, draft('growing', 'a'));
    const reader = await read(await connect('bob'), { from: 'no position' as Position });
    await reader.until(() => reader.gaps > 0, 'a gap');
    await append(channel, serial, 'b', 1);
    await append(channel, serial, 'c', 2);
    const words = () => reader.deliveries.filter(({ kind }) => kind !== 'gap' && kind !== 'signal');
    await reader.until(() => words().length > 0 || reader.gaps > 1, 'a word after the gap');
    await reader.knows(await listAll(channel));
    if (reader.gaps > 1) return; // Another gap: history may have had the first word.
    const [first] = words();
    holds(
      first?.kind === 'message' && first.message.serial === serial,
      `the first word after a gap is ${String(first?.kind)}`,
    );
  },
});
