import type { ContentMessage, Part, ToolPart } from '@holdfast/codec';
import type { ModelMessage } from 'ai';
import { parsePartialJson } from './partial-json.ts';
import { toUIMessage } from './to-ui-message.ts';

const UNFINISHED = 'The call was stopped before its input was complete.';
const CUT_SHORT: ReadonlyMap<unknown, string> = new Map([
  ['cancelled', '[The user stopped this answer here.]'],
  ['error', '[This answer failed here.]'],
  ['lost', '[This answer broke off here.]'],
]);
const UNANSWERED = 'The call was stopped before it had a result.';

/**
 * The branch as `streamText` takes it. A call that nothing will settle any more has an error result that says so, since
 * models refuse a call without one; what was decided in the last answer stays, for the SDK to carry out. An answer that was
 * stopped stays, and says so. A message with nothing left to say is left out.
 */
export async function toPrompt(branch: readonly ContentMessage[]): Promise<ModelMessage[]> {
  // The SDK comes with the first prompt: a page, which makes none, doesn't load it for this.
  const { convertToModelMessages } = await import('ai');
  const messages = branch.map((message, index) => {
    const isLast = index === branch.length - 1;
    return toUIMessage({
      ...message,
      parts: [...message.parts.filter(isSaid).map((part) => settled(part, isLast)), ...cutShort(message)],
    });
  });
  const prompt = await convertToModelMessages(messages);
  return prompt.filter(({ content }) => content.length > 0);
}

/** Says that an answer was not meant to end where it does, so that the model doesn't take it for its own last word. */
function cutShort({ finish }: ContentMessage): readonly Part[] {
  const text = CUT_SHORT.get(finish?.['reason']);
  return text === undefined ? [] : [{ type: 'text', text, state: 'done' }];
}

/** Models refuse text that is empty; reasoning may have all it says in its metadata, unless it should have more. */
function isSaid(part: Part): boolean {
  if (part.type === 'reasoning' && part.thread !== undefined) return false;
  return !((part.type === 'text' || part.type === 'reasoning') && part.text === '' && part.pm === undefined);
}

function settled(part: Part, isLast: boolean): Part {
  if (part.type !== 'tool') return part;
  switch (part.state) {
    case 'input':
      return failed(part, UNFINISHED);
    case 'proposed':
    case 'asked':
    case 'running':
      return failed(part, UNANSWERED);
    case 'approved':
      return isLast ? part : failed(part, UNANSWERED);
    case 'denied':
      return isLast ? part : { ...part, settled: true };
    case 'error':
      return failed(part, part.error ?? UNANSWERED);
    case 'result':
      return part;
  }
}

function failed({ inputText, as, approval, output: _output, ...part }: ToolPart, error: string): ToolPart {
  const streamed = inputText === undefined || as === 'text' ? inputText : parsePartialJson(inputText);
  return {
    ...part,
    input: part.input ?? streamed ?? {},
    // An approval that nobody decided is none.
    ...(approval?.ok === undefined ? {} : { approval }),
    state: 'error',
    error,
  };
}
