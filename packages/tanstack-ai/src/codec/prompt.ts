import type { ContentMessage, Part, ToolPart } from '@holdfast/codec';
import type { UIMessage } from '@tanstack/ai/client';
import { toMessages } from './to-messages.ts';

const UNFINISHED = 'The call was stopped before its input was complete.';
const UNANSWERED = 'The call was stopped before it had a result.';

/**
 * The branch as `chat()` takes it. A call that nothing will settle any more has an error result that says so, since models
 * refuse a call without one; what was decided in the last answer stays, for `chat()` to carry out. Reasoning
 * that can't be read any more is left out, and so is a message with nothing to say.
 */
export function toPrompt(branch: readonly ContentMessage[]): UIMessage[] {
  return branch.flatMap((message, index) => {
    const isLast = index === branch.length - 1;
    const parts = message.parts
      .filter((part) => part.type !== 'reasoning' || part.thread === undefined)
      .map((part) => (part.type === 'tool' ? settled(part, isLast) : part));
    return toMessages({ ...message, parts }).filter(({ parts: shown }) => shown.length > 0);
  });
}

function settled(part: ToolPart, isLast: boolean): Part {
  switch (part.state) {
    case 'input':
      return { ...part, input: part.input ?? {}, state: 'error', error: UNFINISHED };
    case 'proposed':
    case 'asked':
    case 'running':
      return { ...part, state: 'error', error: UNANSWERED };
    case 'approved':
      return isLast ? part : { ...part, state: 'error', error: UNANSWERED };
    default:
      return part;
  }
}
