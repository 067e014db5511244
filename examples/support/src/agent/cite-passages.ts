import type { UIAgentRun } from '@holdfast/ai-sdk/agent';
import { cite } from '@holdfast/core/annotations';
import { HANDBOOK } from '../model/handbook.ts';

/** Cites the handbook wherever the answer quotes it: a check of what was said, not of what the model claims to have read. */
export async function citePassages(run: UIAgentRun, text: string): Promise<void> {
  const citations = HANDBOOK.flatMap(({ url, title, passage }) => {
    const start = text.indexOf(passage);
    return start < 0
      ? []
      : [cite({ url, title, quote: passage, range: { start, end: start + passage.length } })];
  });
  await run.annotate(...citations);
}
