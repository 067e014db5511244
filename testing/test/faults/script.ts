import type { Message } from '@holdfast/channel';
import fc from 'fast-check';

/** What an author will do to one message: stream its text, count something on the way, and perhaps take it back. */
export interface Script {
  readonly id: string;
  readonly deltas: readonly string[];
  /** How many appends are under way at a time. */
  readonly pace: number;
  /** After how many deltas something is counted. */
  readonly notes: readonly number[];
  readonly ending: 'as it is' | 'replaced' | 'deleted';
}

export type Course = Omit<Script, 'id' | 'deltas'> & { readonly length: number };

export const course: fc.Arbitrary<Course> = fc.record({
  length: fc.integer({ min: 5, max: 10 }),
  pace: fc.integer({ min: 1, max: 4 }),
  notes: fc.array(fc.nat({ max: 4 }), { maxLength: 2 }),
  ending: fc.constantFrom('as it is', 'as it is', 'replaced', 'deleted'),
});

/** Each delta says whose and which it is, so that one that is missing, doubled or misplaced shows. */
export function scriptOf(id: string, { length, ...rest }: Course): Script {
  return { id, ...rest, deltas: Array.from({ length }, (_, index) => `${id}:${index}\0\u{1f600}é;`) };
}

export function textOf({ deltas }: Script): string {
  return deltas.join('');
}

export function lastWordOf({ id }: Script): string {
  return `${id} was replaced`;
}

/** What is stored in the end, and nothing else. */
export function outcomeOf(script: Script): Pick<Message, 'data'> & { deleted: boolean; notes: number } {
  const notes = script.notes.length;
  switch (script.ending) {
    case 'as it is':
      return { data: textOf(script), deleted: false, notes };
    case 'replaced':
      return { data: lastWordOf(script), deleted: false, notes };
    case 'deleted':
      return { data: '', deleted: true, notes };
  }
}

/** Whether a message was ever like this. */
export function isSight(script: Script, { data, deleted }: Message): boolean {
  if (deleted === true) return script.ending === 'deleted' && data === '';
  if (typeof data !== 'string') return false;
  return textOf(script).startsWith(data) || (script.ending === 'replaced' && data === lastWordOf(script));
}
