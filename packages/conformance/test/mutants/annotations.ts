import type { AnnotationDraft } from '@holdfast/channel';
import type { ChannelLawId } from '../../src/channel.ts';
import type { Mutant } from '../honest-backend.ts';
import { overPublisher } from './authority.ts';
import {
  overChannel,
  overMessage,
  overOperation,
  overPublish,
  overSummary,
  pretend,
  swallow,
} from './over.ts';

function overAnnotation(change: (annotation: AnnotationDraft) => AnnotationDraft) {
  return overOperation((operation) =>
    operation.action === 'annotate' ? { ...operation, annotation: change(operation.annotation) } : operation,
  );
}

let notes = 0;

export const ANNOTATIONS = {
  // Nothing is ever taken back.
  'P24.total': {
    above: overPublish(async (operations, next) => {
      const [operation] = operations;
      const removes = operation?.action === 'annotate' && operation.annotation.action === 'remove';
      return removes ? pretend(operation) : next(operations);
    }),
  },
  // Whoever raises or lowers it, it is Ada.
  'P24.flag': {
    engine: overPublisher((publisher, operation) =>
      operation?.action === 'annotate' ? { ...publisher, clientId: 'ada' } : publisher,
    ),
  },
  'P24.distinct': {
    above: overAnnotation((note) => (note.name === undefined ? note : { ...note, name: 'any' })),
  },
  // A client keeps its older names.
  'P24.unique': {
    above: (channels) =>
      overSummary(({ version, types: { 'vote:distinct.v1': votes, ...types } }) => ({
        version,
        types: votes === undefined ? types : { ...types, 'vote:unique.v1': votes },
      }))(
        overAnnotation((note) =>
          note.type === 'vote:unique.v1' ? { ...note, type: 'vote:distinct.v1' } : note,
        )(channels),
      ),
  },
  'P24.multiple': {
    above: overAnnotation((note) => {
      if (note.action === 'remove') return note;
      const { count: _, ...rest } = note;
      return rest;
    }),
  },
  'P24.once': {
    above: overAnnotation((note) => {
      notes += 1;
      return { ...note, id: `${note.id} ${notes}` };
    }),
  },
  'P24.used-id': { above: swallow('conflict') },
  // One count for a namespace, whatever the method.
  'P24.types': {
    above: overAnnotation((note) =>
      note.type === 'likes:flag.v1' ? { ...note, type: 'likes:total.v1' } : note,
    ),
  },
  // Whatever changes the message makes a new summary.
  'P24.versions': {
    above: overMessage((message) => {
      const { annotations, version } = message;
      if (annotations === undefined || annotations.version > version) return message;
      return { ...message, annotations: { ...annotations, version } };
    }),
  },
  'P24.list': {
    above: overChannel((channel) => ({
      annotations: async (serial, query) => {
        const page = await channel.annotations(serial, query);
        return { ...page, annotations: page.annotations.toReversed() };
      },
    })),
  },
  'P24.invalid': { above: swallow('invalid') },
  'P24.anonymous': {
    engine: overPublisher((publisher) => ({ ...publisher, clientId: publisher.clientId ?? 'anonymous' })),
  },
} satisfies Partial<Record<ChannelLawId, Mutant>>;
