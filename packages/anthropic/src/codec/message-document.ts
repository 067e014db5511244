import { isObject, type JsonObject, type JsonValue } from '@holdfast/codec';

/** A message as its events have made it so far. */
export interface MessageDocument extends JsonObject {
  /** As it began; its content is in `blocks`. */
  readonly message: JsonObject;
  /** How many blocks it began with. */
  readonly given: number;
  readonly blocks: readonly JsonValue[];
  /** The text of each input that came in pieces, by the index of its block. */
  readonly inputs: JsonObject;
  /** Indices of the blocks that are done. */
  readonly done: readonly number[];
  /** What was said about the whole message since. */
  readonly deltas: readonly JsonValue[];
  readonly isOver: boolean;
}

export function begin(message: JsonObject): MessageDocument {
  const { content, ...own } = message;
  const blocks: readonly JsonValue[] = Array.isArray(content) ? content : [];
  return {
    message: own,
    given: blocks.length,
    blocks,
    inputs: {},
    done: [],
    deltas: [],
    isOver: false,
  };
}

export function toDocument(value: JsonValue | undefined): MessageDocument | undefined {
  if (!isObject(value) || !isObject(value['message'])) return undefined;
  const { message, given, blocks, inputs, done, deltas, isOver } = value;
  return {
    message,
    given: typeof given === 'number' ? given : 0,
    blocks: listOf(blocks),
    inputs: isObject(inputs) ? inputs : {},
    done: listOf(done).filter((n) => typeof n === 'number'),
    deltas: listOf(deltas),
    isOver: isOver === true,
  };
}

export function blockAt({ blocks }: MessageDocument, index: number): JsonObject | undefined {
  const block = blocks[index];
  return isObject(block) ? block : undefined;
}

/** Why the model stopped, and what it used; as the last words about the message say. */
export function endOf({ message, deltas }: MessageDocument): {
  readonly reason: string | undefined;
  readonly usage: JsonObject;
} {
  let reason = text(message['stop_reason']);
  let usage = isObject(message['usage']) ? message['usage'] : {};
  for (const said of deltas) {
    if (!isObject(said)) continue;
    if (isObject(said['delta'])) reason = text(said['delta']['stop_reason']);
    if (isObject(said['usage'])) usage = { ...usage, ...said['usage'] };
  }
  return { reason, usage };
}

export function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

function text(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
