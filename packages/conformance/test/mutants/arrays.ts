import { ChannelError } from '@holdfast/channel';
import type { Receipt } from '@holdfast/channel';
import type { ChannelLawId } from '../../src/channel.ts';
import type { Mutant } from '../honest-backend.ts';
import { forgetful } from './idempotence.ts';
import { overPublish } from './over.ts';

export const ARRAYS = {
  // One after the other.
  'P27.atomic': {
    above: overPublish(async (operations, next) => {
      const receipts: Receipt[] = [];
      for (const operation of operations) receipts.push(...(await next([operation])));
      return receipts;
    }),
  },
  'P27.retried': forgetful('none'),
  // Tries the rest as well.
  'P27.stops': {
    above: overPublish(async (operations, next) => {
      const results = await Promise.allSettled(operations.map((operation) => next([operation])));
      return results.flatMap((result) => {
        if (result.status === 'rejected') throw result.reason;
        return result.value;
      });
    }),
  },
  'P27.empty': {
    above: overPublish(async (operations, next) => {
      if (operations.length === 0) throw new ChannelError('invalid', 'Nothing to publish.');
      return next(operations);
    }),
  },
  // The last one first.
  'P27.ordered': {
    above: overPublish(async (operations, next) => {
      const creates = operations.every(({ action }) => action === 'create');
      return creates ? (await next(operations.toReversed())).toReversed() : next(operations);
    }),
  },
} satisfies Partial<Record<ChannelLawId, Mutant>>;
