import { ChannelError, isChannelError } from '@holdfast/channel';
import type { Operation } from '@holdfast/channel';
import type { ChannelLawId } from '../../src/channel.ts';
import { limitRate } from '../honest-backend.ts';
import type { Mutant } from '../honest-backend.ts';
import { overChannel, overPublish, swallow } from './over.ts';

/** What is too large is cut to a size that fits. */
function shortened(operation: Operation): Operation {
  switch (operation.action) {
    case 'create':
      return { ...operation, draft: { ...operation.draft, data: 'x', headers: {} } };
    case 'append':
      return { ...operation, data: operation.data.slice(0, 10) };
    default:
      return operation;
  }
}

export const LIMITS = {
  'I9.too-large': { above: swallow('too_large', (operation, next) => next([shortened(operation)])) },
  'I9.append-too-large': { above: swallow('too_large', (operation, next) => next([shortened(operation)])) },
  // Refuses, and doesn't say which field is wrong.
  'I9.invalid': {
    above: overPublish(async (operations, next) => {
      try {
        return await next(operations);
      } catch (error) {
        if (!isChannelError(error) || error.code !== 'invalid') throw error;
        throw new ChannelError('invalid', 'Something is wrong.');
      }
    }),
  },
  'I9.not-found': { above: swallow('not_found') },
  // Drops what comes too fast, with a receipt.
  'I9.too-fast': { below: limitRate(async () => [{ serial: '', version: '' }] as never) },
  'I9.closed': { above: (channels) => ({ ...channels, close: async () => {} }) },
  'I9.aborted': {
    above: overChannel((channel) => ({ publish: (operations) => channel.publish(operations) })),
  },
  'P23.signal': {
    above: overChannel((channel) => ({
      signal: async (draft) => {
        await channel.signal(draft);
        await channel.publish({ action: 'create', draft });
      },
    })),
  },
  'P23.signal-refused': {
    above: overChannel((channel) => ({ signal: (draft) => channel.signal(draft).catch(() => {}) })),
  },
} satisfies Partial<Record<ChannelLawId, Mutant>>;
