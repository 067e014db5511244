import { holds, same } from '../../law/violation.ts';
import { create, draft, publish } from '../acts.ts';
import { defineLaw } from '../law.ts';
import { listAll } from '../listing.ts';

export const ordered = defineLaw({
  id: 'P27.ordered',
  title: 'operations in an array take effect in order, with receipts in the same order',
  check: async ({ connect, read }) => {
    const channel = await connect('ada');
    const reader = await read(await connect('bob'));
    const { serial } = await create(channel, draft('growing'));

    const creates = await publish(
      channel,
      [1, 2, 3].map((index) => ({ action: 'create', draft: draft(`c-${index}`, index) })),
    );
    const mixed = await publish(channel, [
      { action: 'append', serial, data: 'one ', offset: 0 },
      { action: 'create', draft: draft('between', 4) },
      { action: 'append', serial, data: 'two', offset: 4 },
    ]);

    const log = await listAll(channel);
    same(
      log.map(({ id, data }) => [id, data]),
      [
        ['growing', 'one two'],
        ['c-1', 1],
        ['c-2', 2],
        ['c-3', 3],
        ['between', 4],
      ],
      'the messages after two arrays',
    );
    same(
      [...creates, ...mixed].map((receipt) => receipt.serial),
      [log[1]?.serial, log[2]?.serial, log[3]?.serial, serial, log[4]?.serial, serial],
      'the serials of the receipts',
    );
    const versions = [...creates, ...mixed].map((receipt) => receipt.version);
    holds(
      versions.every((version, index) => index === 0 || (versions[index - 1] ?? '') < version),
      `the versions of the receipts do not ascend: ${versions.join(', ')}`,
    );
    await reader.knows(log);
  },
});
