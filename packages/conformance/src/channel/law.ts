import type { Law } from '../law/law.ts';
import type { LawContext } from './context.ts';
import type { Need } from './need.ts';

export type ChannelLaw<Id extends string = string> = Law<LawContext, Id, Need>;

/** Keeps the id's literal type, from which the union of all ids is made. */
export function defineLaw<const Id extends string>(law: ChannelLaw<Id>): ChannelLaw<Id> {
  return law;
}
