import type { Draft, JsonValue, Operation } from '@holdfast/channel';
import { same } from '../../law/violation.ts';
import { append, create, draft, publish, update } from '../acts.ts';
import type { LawContext } from '../context.ts';
import { defineLaw } from '../law.ts';
import { listAll } from '../listing.ts';
import { ODD_TEXTS, ODD_VALUES } from './odd.ts';

/** What is published must be what history, a subscriber and who joins late get. */
async function keeps({ connect, read }: LawContext, drafts: readonly Draft[], what: string): Promise<void> {
  const ada = await connect('ada');
  const reader = await read(await connect('bob'));
  await publish(
    ada,
    drafts.map((each): Operation => ({ action: 'create', draft: each })),
  );
  const log = await listAll(await connect('cyd'));
  same(log.length, drafts.length, 'the number of messages');
  for (const [index, { id, name, data, headers = {} }] of drafts.entries()) {
    const { [index]: found } = log;
    const stored = { id: found?.id, name: found?.name, data: found?.data, headers: found?.headers };
    same(stored, { id, name, data, headers }, what);
  }
  await reader.knows(log);
}

export const texts = defineLaw({
  id: 'payload.texts',
  title: 'text comes out as it went in, to the code unit',
  check: (context) =>
    keeps(
      context,
      ODD_TEXTS.map((text, index) => draft(`m-${index}`, text)),
      'a message with odd text',
    ),
});

export const values = defineLaw({
  id: 'payload.values',
  title: 'any JSON value comes out as it went in',
  check: (context) =>
    keeps(
      context,
      ODD_VALUES.map((value, index) => draft(`m-${index}`, value)),
      'a message with an odd value',
    ),
});

export const labels = defineLaw({
  id: 'payload.labels',
  title: 'ids, names and headers come out as they went in',
  check: (context) =>
    keeps(
      context,
      ODD_TEXTS.map((text, index) => ({
        id: wellFormed(`${text} ${index}`),
        name: wellFormed(`${index} ${text}`),
        data: index,
        headers: { [wellFormed(text)]: text, constructor: text },
      })),
      'a message with odd labels',
    ),
});

/** Keys of a database are well-formed text: the halves of a pair may travel in values only. */
function wellFormed(text: string): string {
  return text.replaceAll(/\p{Surrogate}/gu, '?');
}

export const appends = defineLaw({
  id: 'payload.appends',
  title: 'appended text comes out as it went in, also where an append ends within a pair of surrogates',
  check: async ({ connect, read }) => {
    const ada = await connect('ada');
    const reader = await read(await connect('bob'));
    const { serial } = await create(ada, draft('growing'));
    let text = '';
    for (const piece of [...ODD_TEXTS, '\ud83d', '\ude00', 'a\ud83d', '\ude00b']) {
      await append(ada, serial, piece, text.length);
      text += piece;
    }
    const log = await listAll(await connect('cyd'));
    same(log[0]?.data, text, 'the text');
    await reader.knows(log);
    const late = await read(await connect('dan'));
    await late.knows(log);
  },
});

export const updated = defineLaw({
  id: 'payload.updates',
  title: 'a message may be updated from any value to any other',
  check: async ({ connect, read }) => {
    const ada = await connect('ada');
    const reader = await read(await connect('bob'));
    const { serial } = await create(ada, draft('m', 'text'));
    const steps: readonly JsonValue[] = ['', 0, 'x\ud83d', null, { a: [] }, false, '\u0000', [], 'end'];
    for (const data of steps) {
      await update(ada, serial, { data });
      const log = await listAll(ada);
      same(log[0]?.data, data, 'the data after an update');
      await reader.knows(log);
    }
  },
});
