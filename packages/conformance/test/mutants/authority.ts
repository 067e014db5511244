import type { Engine, Publisher } from '@holdfast/channel/engine';
import type { Operation } from '@holdfast/channel';
import type { ChannelLawId } from '../../src/channel.ts';
import type { Mutant } from '../honest-backend.ts';
import { find, overMessage, overOperation, overPublish, pretend, swallow } from './over.ts';

/** Takes a publisher for somebody else. */
export function overPublisher(change: (publisher: Publisher, operation: Operation | undefined) => Publisher) {
  return (engine: Engine): Engine => ({
    ...engine,
    commit: (channel, publisher, operations) =>
      engine.commit(channel, change(publisher, operations[0]), operations),
  });
}

function isChange(operation: Operation | undefined): boolean {
  return operation?.action !== 'create' && operation?.action !== 'annotate';
}

export const AUTHORITY = {
  // Everybody may do what Ada may.
  'P3.creator-only': {
    engine: overPublisher((publisher, operation) =>
      isChange(operation) ? { ...publisher, clientId: 'ada' } : publisher,
    ),
  },
  // A message is its connection's.
  'P3.same-client': {
    engine: overPublisher((publisher) => ({ ...publisher, clientId: publisher.connectionId })),
  },
  'P3.anonymous': { engine: overPublisher((publisher) => ({ ...publisher, connectionId: 'anonymous' })) },
  // An annotation makes a new version of its message.
  'P3.anyone-annotates': {
    above: overMessage((message) =>
      message.annotations === undefined ? message : { ...message, version: message.annotations.version },
    ),
  },
  'P5.stamped': {
    engine: overPublisher((publisher, operation) => ({
      ...publisher,
      ...(operation?.action === 'create' && 'clientId' in operation.draft
        ? { clientId: String(operation.draft.clientId) }
        : {}),
    })),
  },
  // Who changes a message becomes its author.
  'P5.stays': {
    above: overMessage((message) =>
      String(message.version) === String(message.serial)
        ? message
        : { ...message, claims: { role: 'staff' } },
    ),
  },
  'P10.sealed': {
    above: overOperation((operation) => {
      if (operation.action !== 'create') return operation;
      const { seals: _, ...rest } = operation;
      return rest;
    }),
  },
  'P10.race': { above: swallow('sealed') },
  'P10.twice': {
    above: overPublish(async (operations, next, channel) => {
      const [operation] = operations;
      if (operation?.action !== 'create' || operation.seals === undefined) return next(operations);
      const sealed = (await find(channel, operation.seals))?.sealed === true;
      return sealed ? pretend(operation) : next(operations);
    }),
  },
  'P10.unknown': {
    above: swallow('not_found', (operation, next) =>
      operation.action === 'create'
        ? next([{ action: 'create', draft: operation.draft }])
        : pretend(operation),
    ),
  },
} satisfies Partial<Record<ChannelLawId, Mutant>>;
