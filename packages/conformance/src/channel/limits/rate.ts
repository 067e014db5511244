import { isChannelError } from '@holdfast/channel';
import { holds, same } from '../../law/violation.ts';
import { create, draft } from '../acts.ts';
import { defineLaw } from '../law.ts';
import { listAll } from '../listing.ts';

export const tooFast = defineLaw({
  id: 'I9.too-fast',
  title: 'over the rate limit an operation is stored or refused as rate_limited, and the channel works on',
  requires: ['operationsPerSecond'],
  check: async ({ connect, features, read }) => {
    const ada = await connect('ada');
    const reader = await read(await connect('bob'));
    const count = 3 * (features.operationsPerSecond ?? 0);
    const outcomes = await Promise.all(
      Array.from({ length: count }, (_, index) =>
        ada.publish({ action: 'create', draft: draft(`m-${index}`, index) }).then(
          () => true,
          (error: unknown) => {
            holds(isChannelError(error) && error.code === 'rate_limited', `refused with ${String(error)}`);
            return false;
          },
        ),
      ),
    );
    same(
      (await listAll(ada)).map(({ data }) => data),
      outcomes.flatMap((stored, index) => (stored ? [index] : [])),
      'the messages of a burst, against their receipts',
    );

    for (const [index, stored] of outcomes.entries()) {
      if (!stored) await create(ada, draft(`m-${index}`, index));
    }
    const log = await listAll(ada);
    same(log.length, count, 'the number of messages after the refused ones were tried again');
    await reader.knows(log);
  },
});
