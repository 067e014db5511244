import type { ContentBlockParam } from '@anthropic-ai/sdk/resources/messages/messages';
import { isObject, parseInput, type JsonObject, type JsonValue } from '@holdfast/codec';
import { blockAt, endOf, type MessageDocument } from './message-document.ts';

interface Standing {
  /** Nothing was said after the message, so that a turn that the provider paused goes on from here. */
  readonly goesOn: boolean;
  /** Indices of blocks whose thought can't be read any more: their signature would be for another text. */
  readonly unread: ReadonlySet<unknown>;
}

/** The content of a message as it goes back to the provider. */
export function toBlocks(
  document: MessageDocument,
  { goesOn, unread }: Standing,
): readonly ContentBlockParam[] {
  const settled = new Set(
    document.blocks.map((block) => (isObject(block) ? block['tool_use_id'] : undefined)),
  );
  const isPaused = goesOn && endOf(document).reason === 'pause_turn';
  const blocks = document.blocks.flatMap((_block, index) => {
    const block = blockAt(document, index);
    if (block === undefined || unread.has(index)) return [];
    const isDone = document.isOver || document.done.includes(index) || index < document.given;
    if (block['type'] === 'server_tool_use' && !settled.has(block['id']) && !isPaused) return [];
    return toBlock(document, index, block, isDone) ?? [];
  });
  return blocks as unknown as readonly ContentBlockParam[];
}

/** Undefined for what the provider would refuse: text without words, and a thought without its signature. */
function toBlock(
  document: MessageDocument,
  index: number,
  block: JsonObject,
  isDone: boolean,
): JsonObject | undefined {
  switch (block['type']) {
    case 'text': {
      const { text, parsed: _parsed, ...more } = block;
      return text === '' ? undefined : { ...more, text: text ?? '' };
    }
    case 'thinking': {
      const { signature } = block;
      return isDone && typeof signature === 'string' && signature !== '' ? block : undefined;
    }
    case 'tool_use':
    case 'server_tool_use':
      return { ...block, input: inputOf(document.inputs[String(index)], block['input']) };
    default:
      return isDone ? block : undefined;
  }
}

/** The provider takes objects only; what the model wrote wrongly would be refused. */
function inputOf(text: JsonValue | undefined, given: JsonValue | undefined): JsonValue {
  const input = typeof text === 'string' && text !== '' ? parseInput(text) : given;
  return isObject(input) ? input : {};
}
