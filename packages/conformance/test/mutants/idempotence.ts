import { ChannelError } from '@holdfast/channel';
import type { Operation } from '@holdfast/channel';
import type { ChannelLawId } from '../../src/channel.ts';
import type { Mutant } from '../honest-backend.ts';
import { find, overOperation, overPublish, pretend, swallow } from './over.ts';

/** Stores a create under another id where the true one would be taken for a repeat. */
function renamed(operation: Operation, suffix: string): Operation {
  if (operation.action !== 'create') return operation;
  return { ...operation, draft: { ...operation.draft, id: `${operation.draft.id}${suffix}` } };
}

/** Forgets ids, but for the last one where `remembers` says so. */
export function forgetful(remembers: 'the last' | 'none'): Mutant {
  const used = new Set<string>();
  let last: string | undefined;
  return {
    above: overOperation((operation) => {
      if (operation.action !== 'create') return operation;
      const { id } = operation.draft;
      const known = remembers === 'the last' && id === last;
      const again = used.has(id) && !known;
      used.add(id);
      last = id;
      return again ? renamed(operation, ' again') : operation;
    }),
  };
}

/** Appends at the end, whatever the offset. */
const atTheEnd = overPublish(async (operations, next, channel) => {
  const [operation] = operations;
  if (operation?.action !== 'append') return next(operations);
  const data = (await find(channel, operation.serial))?.data;
  return next([{ ...operation, offset: typeof data === 'string' ? data.length : operation.offset }]);
});

export const IDEMPOTENCE = {
  'I5.create-once': forgetful('none'),
  'I5.create-retried-late': forgetful('the last'),
  'I5.append-once': { above: atTheEnd },
  'I5.append-offset': { above: swallow('conflict') },
  // Counts code points.
  'I5.code-units': {
    above: overPublish(async (operations, next, channel) => {
      const [operation] = operations;
      if (operation?.action !== 'append') return next(operations);
      const data = (await find(channel, operation.serial))?.data;
      if (typeof data !== 'string' || [...data].length === operation.offset) return next(operations);
      throw new ChannelError('conflict', 'A wrong offset.');
    }),
  },
  // Every first receipt of an append is lost, and trying again appends again.
  'I5.unknown-outcome': {
    above: (channels) => {
      const tried = new Set<number>();
      return overPublish(async (operations, next) => {
        const [operation] = operations;
        const receipts = await next(operations);
        if (operation?.action !== 'append' || tried.has(operation.offset)) return receipts;
        tried.add(operation.offset);
        throw new ChannelError('unknown_outcome', 'The receipt was lost.');
      })(atTheEnd(channels));
    },
  },
  'P4.other-content': { above: swallow('conflict') },
  // Ids are good for each publisher.
  'P4.other-publisher': {
    above: (channels) =>
      overOperation((operation) => renamed(operation, ` of ${String(channels.connection.clientId)}`))(
        channels,
      ),
  },
  // Looks first, and stores afterwards.
  'P4.race': {
    above: (channels) =>
      overPublish(async (operations, next, channel) => {
        const { messages } = await channel.history();
        const [operation] = operations;
        if (operation?.action !== 'create') return next(operations);
        if (messages.some(({ id }) => id.startsWith(`${operation.draft.id} `))) return pretend(operation);
        return next([renamed(operation, ` of ${String(channels.connection.clientId)}`)]);
      })(channels),
  },
} satisfies Partial<Record<ChannelLawId, Mutant>>;
