import type { AnnotationDraft, CountsSummary } from '@holdfast/channel';
import { SessionError } from '../errors.ts';
import { add, summaryOf, type Annotated } from './kind.ts';

/** What an answer took, as counters by name. */
export const USAGE = 'usage:multiple.v1';

/**
 * What an answer took. Names of your own may join them; whole numbers all, so cost is in millionths of the currency's unit.
 */
export interface Usage {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly cachedTokens?: number;
  readonly reasoningTokens?: number;
  readonly costMicros?: number;
  readonly [counter: string]: number | undefined;
}

/**
 * The annotations that count what a model call took, one for each counter; several calls of one answer add up. `call` names
 * the model call within the answer, so that one told twice counts once.
 *
 * @throws SessionError `invalid` for what isn't a whole number from 0
 */
export function countUsage(call: string, usage: Usage): readonly AnnotationDraft[] {
  return Object.entries(usage).flatMap(([name, count]) => {
    if (count === undefined || count === 0) return [];
    if (!Number.isSafeInteger(count) || count < 0)
      throw new SessionError('invalid', `Usage is counted in whole numbers; ${name} is ${count}.`);
    return [add(`usage ${call} ${name}`, { type: USAGE, name, count })];
  });
}

/** What a message's answer took in all. */
export function usageOf(message: Annotated): Usage {
  const counters = summaryOf<Readonly<Record<string, CountsSummary>>>(message, USAGE) ?? {};
  return Object.fromEntries(Object.entries(counters).map(([name, { total }]) => [name, total]));
}
