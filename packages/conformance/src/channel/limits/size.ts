import { holds, same } from '../../law/violation.ts';
import { append, create, draft, refused, update } from '../acts.ts';
import { defineLaw } from '../law.ts';
import { listAll } from '../listing.ts';
import { textOf } from '../text.ts';

/** What a message may count beside its data: quotes, brackets, its id and name. */
const FRAME = 200;

export const tooLarge = defineLaw({
  id: 'I9.too-large',
  title: 'a message over the size limit is refused, one below it is stored, and the channel works on',
  requires: ['maxMessageBytes'],
  check: async ({ connect, features: { maxMessageBytes: max }, read }) => {
    const ada = await connect('ada');
    const reader = await read(await connect('bob'));
    const { serial } = await create(ada, draft('small', 'a'));
    const before = await listAll(ada);

    const all = 'x'.repeat(max);
    await refused(create(ada, draft('text', all)), 'text over the limit', 'too_large');
    await refused(create(ada, draft('json', [all])), 'JSON over the limit', 'too_large');
    await refused(create(ada, draft('h', '', { headers: { all } })), 'headers over the limit', 'too_large');
    const wide = 'é'.repeat(Math.ceil(max * 0.6));
    await refused(create(ada, draft('wide', wide)), 'text over the limit in UTF-8', 'too_large');
    await refused(update(ada, serial, { data: all }), 'an update over the limit', 'too_large');
    same(await listAll(ada), before, 'the messages after the refusals');

    await create(ada, draft('big', 'x'.repeat(max - FRAME)));
    await append(ada, serial, 'b', 1);
    const log = await listAll(ada);
    same(
      log.map((message) => textOf(message).length),
      [2, max - FRAME],
      'the lengths of the messages',
    );
    await reader.knows(log);
  },
});

export const grownTooLarge = defineLaw({
  id: 'I9.append-too-large',
  title: 'an append that would grow a message over the size limit is refused, one that fits is stored',
  requires: ['maxMessageBytes', 'checksOffsets'],
  check: async ({ connect, features: { maxMessageBytes: max }, read }) => {
    const ada = await connect('ada');
    const reader = await read(await connect('bob'));
    const { serial } = await create(ada, draft('growing'));
    const most = 'x'.repeat(max - FRAME);
    await append(ada, serial, most, 0);
    const before = await listAll(ada);
    await refused(
      append(ada, serial, 'y'.repeat(FRAME), most.length),
      'an append over the limit',
      'too_large',
    );
    same(await listAll(ada), before, 'the messages after the refusal');

    await append(ada, serial, 'end', most.length);
    const log = await listAll(ada);
    holds(log[0]?.data === `${most}end`, 'the text is not what was appended');
    await reader.knows(log);
  },
});
