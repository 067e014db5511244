import { isChannelError } from '@holdfast/channel';
import type { ChannelError, Operation, Serial } from '@holdfast/channel';
import { holds, same, violated } from '../../law/violation.ts';
import { append, create, draft, publish, refused } from '../acts.ts';
import { defineLaw } from '../law.ts';
import { listAll } from '../listing.ts';

export const invalid = defineLaw({
  id: 'I9.invalid',
  title: 'a malformed operation is refused with the path of the bad field, and nothing is stored',
  check: async ({ connect, read }) => {
    const ada = await connect('ada');
    const reader = await read(await connect('bob'));
    const { serial } = await create(ada, draft('growing', 'a'));
    const object = await create(ada, draft('object', { text: 'a' }));
    const before = await listAll(ada);

    for (const [what, operation] of malformed(serial, object.serial)) {
      const error = await failureOf(publish(ada, operation as Operation));
      holds(error?.code === 'invalid', `${what}: expected invalid, got ${error?.code ?? 'a receipt'}`);
      holds(error.path !== undefined, `${what}: the refusal names no field`);
      same(await listAll(ada), before, `the messages after ${what}`);
    }
    for (const limit of [0, -1, 1.5, 1001, Number.NaN]) {
      const error = await failureOf(ada.history({ limit }));
      holds(error?.code === 'invalid', `history with the limit ${limit}: got ${error?.code ?? 'a page'}`);
    }
    await append(ada, serial, 'b', 1);
    await reader.knows(await listAll(ada));
  },
});

/** What no caller who is held to the types can pass, but one in JavaScript can. */
function malformed(serial: Serial, object: Serial): readonly (readonly [string, unknown])[] {
  const good = draft('new');
  return [
    ['no operation', null],
    ['an unknown action', { action: 'replace', serial }],
    ['no draft', { action: 'create' }],
    ['a draft without an id', { action: 'create', draft: { ...good, id: undefined } }],
    ['a draft with an empty id', { action: 'create', draft: { ...good, id: '' } }],
    ['a draft whose id is a number', { action: 'create', draft: { ...good, id: 1 } }],
    ['a draft without a name', { action: 'create', draft: { ...good, name: undefined } }],
    ['a draft without data', { action: 'create', draft: { ...good, data: undefined } }],
    ['data that is not a number', { action: 'create', draft: { ...good, data: Number.NaN } }],
    ['data that JSON would change', { action: 'create', draft: { ...good, data: new Date(0) } }],
    ['data that JSON would drop', { action: 'create', draft: { ...good, data: { f: () => {} } } }],
    ['a header that is no string', { action: 'create', draft: { ...good, headers: { a: 1 } } }],
    ['headers in a list', { action: 'create', draft: { ...good, headers: ['a'] } }],
    ['an append without data', { action: 'append', serial, offset: 1 }],
    ['an append of a number', { action: 'append', serial, data: 1, offset: 1 }],
    ['an append without an offset', { action: 'append', serial, data: 'x' }],
    ['an append at a negative offset', { action: 'append', serial, data: 'x', offset: -1 }],
    ['an append between two offsets', { action: 'append', serial, data: 'x', offset: 0.5 }],
    ['an append to an object', { action: 'append', serial: object, data: 'x', offset: 0 }],
    ['an update without a serial', { action: 'update', draft: { data: 'x' } }],
    ['an update without data', { action: 'update', serial, draft: {} }],
    ['a deletion without a serial', { action: 'delete' }],
  ];
}

export const notFound = defineLaw({
  id: 'I9.not-found',
  title: 'a change to a message that is not there is refused, and nothing is stored',
  check: async ({ fresh, name, open }) => {
    const channels = await open('ada');
    const ada = channels.channel(name);
    const { serial: elsewhere } = await create(channels.channel(fresh()), draft('elsewhere', 'a'));
    for (const serial of [elsewhere, 'nothing' as Serial]) {
      const note = { action: 'add', id: 'n-1', type: 'likes:total.v1' } as const;
      const operations: readonly Operation[] = [
        { action: 'append', serial, data: 'x', offset: 1 },
        { action: 'update', serial, draft: { data: 'x' } },
        { action: 'delete', serial },
        { action: 'annotate', serial, annotation: note },
      ];
      for (const operation of operations) {
        const what = `${operation.action} of a message that is not in this channel`;
        await refused(publish(ada, operation), what, 'not_found', 'invalid');
      }
      await refused(ada.annotations(serial), 'annotations of no message', 'not_found', 'invalid');
    }
    same(await listAll(ada), [], 'the messages after the refusals');
    await create(ada, draft('m'));
    same((await listAll(ada)).length, 1, 'the number of messages');
  },
});

async function failureOf(promise: Promise<unknown>): Promise<ChannelError | undefined> {
  try {
    await promise;
    return undefined;
  } catch (error) {
    if (isChannelError(error)) return error;
    violated(`expected a ChannelError, got ${String(error)}`);
  }
}
