import type { AnnotationDraft, AnnotationType, Channel, Message, Serial } from '@holdfast/channel';
import { holds, same } from '../../law/violation.ts';
import { annotate, create, draft } from '../acts.ts';
import type { LawContext } from '../context.ts';
import { listAll } from '../listing.ts';

/** A message of Ada's that others annotate, and a look at what its summary says. */
export interface Tally {
  readonly serial: Serial;
  readonly ada: Channel;
  readonly bob: Channel;
  readonly add: (channel: Channel, fields?: NoteFields) => Promise<void>;
  readonly remove: (channel: Channel, fields?: { readonly name?: string }) => Promise<void>;
  /** The summary of the type must be `expected`, in history and, soon, for a subscriber. */
  readonly is: (expected: unknown, after: string) => Promise<Message>;
}

export type NoteFields = Pick<Extract<AnnotationDraft, { action: 'add' }>, 'name' | 'count' | 'data'>;

export async function openTally({ connect, read }: LawContext, type: AnnotationType): Promise<Tally> {
  const ada = await connect('ada');
  const bob = await connect('bob');
  const reader = await read(await connect('cyd'));
  const { serial } = await create(ada, draft('m', 'text'));
  let notes = 0;
  const id = (): string => `note-${(notes += 1)}`;
  return {
    serial,
    ada,
    bob,
    add: async (channel, fields = {}) =>
      void (await annotate(channel, serial, { action: 'add', id: id(), type, ...fields })),
    remove: async (channel, fields = {}) =>
      void (await annotate(channel, serial, { action: 'remove', id: id(), type, ...fields })),
    is: async (expected, after) => {
      const log = await listAll(ada);
      const [message] = log;
      holds(message !== undefined, 'the message is missing');
      same(unordered(message.annotations?.types[type]), unordered(expected), `the summary after ${after}`);
      await reader.knows(log);
      return message;
    },
  };
}

/** Sets of clients come as lists; their order means nothing. */
function unordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(String).sort();
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, unordered(field)]));
}
