import type { ProviderEvent as Event } from '@holdfast/testing/model-provider';
import { accumulateResponse } from 'openai/lib/responses/ResponseAccumulator';
import type { Response, ResponseStreamEvent } from 'openai/resources/responses/responses';
import type { ResponsesEvent } from '../../src/index.ts';
import { EVENTS, ruleOf } from '../../src/codec/table.ts';

export function events(list: readonly Event[]): readonly ResponsesEvent[] {
  return list as unknown as readonly ResponsesEvent[];
}

/** The types that the SDK knows. */
export const TYPES: readonly string[] = Object.keys(EVENTS);

/**
 * What the SDK's own accumulator makes of each response in a stream, what became of calls, and which events there were beside
 * that.
 */
export function fold(
  chunks: readonly ResponsesEvent[],
  accumulate: typeof accumulateResponse = accumulateResponse,
): unknown {
  const responses: Response[] = [];
  const beside = new Set<string>();
  for (const chunk of chunks) {
    const { sequence_number: _number, ...event } = chunk as unknown as Event;
    const rule = ruleOf(event.type);
    if (rule === undefined || rule.does === 'pass') beside.add(JSON.stringify(event));
    else if (rule.does !== 'signal') {
      const own = structuredClone(chunk) as ResponseStreamEvent;
      const last = event.type === 'response.created' ? undefined : responses.pop();
      responses.push(accumulate(own, last));
    }
  }
  return JSON.parse(JSON.stringify({ responses, beside: [...beside] })) as unknown;
}
