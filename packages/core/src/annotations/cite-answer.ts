import type { ContentMessage } from '@holdfast/codec';
import type { AgentRun } from '../agent.ts';
import { cite, type Citation } from './citation.ts';
import { citationsIn } from './sources.ts';

/**
 * Cites what a run's answer rests on, as annotations of it: by default what `citationsIn` finds. To be called when the answer
 * is there; called again it cites what came since. Resolves when it is stored.
 *
 * @throws ChannelError as `Channel.publish`
 */
export async function citeAnswer(
  run: Pick<AgentRun<never, unknown>, 'branch' | 'messageId' | 'annotate'>,
  citationsOf: (answer: Pick<ContentMessage, 'parts'>) => readonly Citation[] = citationsIn,
): Promise<void> {
  const answer = (await run.branch()).findLast(({ id }) => id === run.messageId);
  if (answer === undefined) return;
  const citations = citationsOf(answer).filter(({ url }) => URL.canParse(url));
  if (citations.length > 0) await run.annotate(...citations.map(cite));
}
