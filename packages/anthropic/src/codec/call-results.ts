import type { ContentBlockParam, ToolResultBlockParam } from '@anthropic-ai/sdk/resources/messages/messages';
import type { Part, ToolPart } from '@holdfast/codec';

const UNFINISHED = 'The call was stopped before its input was complete.';
const UNANSWERED = 'The call was stopped before it had a result.';
const DENIED = 'The call was denied.';

/** The result of each call among some blocks; nothing else will settle them, so that each has one. */
export function resultsOf(
  blocks: readonly ContentBlockParam[],
  parts: readonly Part[],
): readonly ToolResultBlockParam[] {
  return blocks.flatMap((block) => {
    if (block.type !== 'tool_use') return [];
    const part = parts.find((each): each is ToolPart => each.type === 'tool' && each.callId === block.id);
    return [{ type: 'tool_result', tool_use_id: block.id, ...resultOf(part) }];
  });
}

function resultOf(part: ToolPart | undefined): Pick<ToolResultBlockParam, 'content' | 'is_error'> {
  const failed = (content: string): Pick<ToolResultBlockParam, 'content' | 'is_error'> => ({
    content,
    is_error: true,
  });
  switch (part?.state) {
    case 'result': {
      const { output = null } = part;
      return { content: typeof output === 'string' ? output : JSON.stringify(output) };
    }
    case 'error':
      return failed(part.error ?? UNANSWERED);
    case 'denied': {
      const reason = part.approval?.reason;
      return failed(reason === undefined ? DENIED : `${DENIED} ${reason}`);
    }
    case 'input':
      return failed(UNFINISHED);
    default:
      return failed(UNANSWERED);
  }
}
