import { same } from '../../law/violation.ts';
import { append, create, draft, refused } from '../acts.ts';
import { defineLaw } from '../law.ts';
import { listAll } from '../listing.ts';

export const appendOnce = defineLaw({
  id: 'I5.append-once',
  title: 'an append that is repeated at its offset takes effect once, at once or later',
  requires: ['checksOffsets'],
  check: async ({ connect, read }) => {
    const ada = await connect('ada');
    const again = await connect('ada');
    const reader = await read(await connect('bob'));
    const { serial } = await create(ada, draft('m'));

    await append(ada, serial, 'one ', 0);
    await append(ada, serial, 'one ', 0);
    await Promise.all([append(ada, serial, 'two ', 4), append(again, serial, 'two ', 4)]);
    await append(ada, serial, 'three', 8);
    const late = await append(again, serial, 'one ', 0);
    same(late.serial, serial, 'the serial of a repeated append');

    const log = await listAll(ada);
    same(log[0]?.data, 'one two three', 'the text after repeated appends');
    await reader.knows(log);
  },
});

export const appendOffset = defineLaw({
  id: 'I5.append-offset',
  title: 'an append at a wrong offset is refused, and nothing changes',
  requires: ['checksOffsets'],
  check: async ({ connect, read }) => {
    const ada = await connect('ada');
    const reader = await read(await connect('bob'));
    const { serial } = await create(ada, draft('m', 'base'));
    const before = await listAll(ada);

    await refused(append(ada, serial, 'x', 5), 'an append beyond the end', 'conflict');
    await refused(append(ada, serial, 'x', 0), 'other text where there is text', 'conflict');
    await refused(append(ada, serial, 'X', 3), 'other text at the last character', 'conflict');

    same(await listAll(ada), before, 'the messages after the refusals');
    await append(ada, serial, '!', 4);
    const log = await listAll(ada);
    same(log[0]?.data, 'base!', 'the text after an append at the right offset');
    await reader.knows(log);
  },
});

export const codeUnits = defineLaw({
  id: 'I5.code-units',
  title: 'offsets count UTF-16 code units',
  check: async ({ connect, read }) => {
    const ada = await connect('ada');
    const reader = await read(await connect('bob'));
    const { serial } = await create(ada, draft('m', 'é\u{1f600}'));
    await append(ada, serial, '\u{1f44d}\u{1f3fd}', 3);
    await append(ada, serial, '|e\u0301', 7);
    await append(ada, serial, '.', 10);

    const log = await listAll(ada);
    same(log[0]?.data, 'é\u{1f600}\u{1f44d}\u{1f3fd}|e\u0301.', 'the text');
    await reader.knows(log);
  },
});
