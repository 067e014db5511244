import type {
  RawContentBlockDelta,
  RawMessageStreamEvent,
} from '@anthropic-ai/sdk/resources/messages/messages';

/** Every event type that the SDK knows; one that a later version adds is a type error here, and travels until then. */
const EVENTS = {
  message_start: true,
  message_delta: true,
  message_stop: true,
  content_block_start: true,
  content_block_delta: true,
  content_block_stop: true,
} as const satisfies Record<RawMessageStreamEvent['type'], true>;

export type EventType = keyof typeof EVENTS;

export function isKnownType(type: string): type is EventType {
  return Object.hasOwn(EVENTS, type);
}

/** What a delta does to its block: a text grows, an item is added to a list, a field is replaced. */
export interface Delta {
  /** The types of block that it is of. */
  readonly blocks: readonly string[];
  readonly does: 'grow' | 'add' | 'replace';
  /** The delta's field that has it. */
  readonly from: string;
  /** The block's field; none for the text of an input, which a block has parsed. */
  readonly field?: string;
}

/** Every type of delta that the SDK knows. */
const DELTAS = {
  text_delta: { blocks: ['text'], does: 'grow', from: 'text', field: 'text' },
  thinking_delta: { blocks: ['thinking'], does: 'grow', from: 'thinking', field: 'thinking' },
  input_json_delta: { blocks: ['tool_use', 'server_tool_use'], does: 'grow', from: 'partial_json' },
  citations_delta: { blocks: ['text'], does: 'add', from: 'citation', field: 'citations' },
  signature_delta: { blocks: ['thinking'], does: 'replace', from: 'signature', field: 'signature' },
} as const satisfies Record<RawContentBlockDelta['type'], Delta>;

export function deltaOf(type: unknown): Delta | undefined {
  return typeof type === 'string' && Object.hasOwn(DELTAS, type)
    ? DELTAS[type as keyof typeof DELTAS]
    : undefined;
}
