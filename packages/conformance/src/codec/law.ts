import type { Law } from '../law/law.ts';
import type { CodecSubject } from './subject.ts';

/** What a codec law may need: chunks that not every framework has. */
export type CodecNeed = 'transient' | 'call';

/** The laws are the same for chunks of any type. */
export type CodecLaw<Id extends string = string> = Law<CodecSubject<unknown>, Id, CodecNeed>;

/** Keeps the id's literal type, from which the union of all ids is made. */
export function defineLaw<const Id extends string>(law: CodecLaw<Id>): CodecLaw<Id> {
  return law;
}
