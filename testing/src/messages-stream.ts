import type { ProviderEvent as Event } from './model-provider.ts';

// Streams of the Messages API, as the provider would write them.

type Fields = Readonly<Record<string, unknown>>;

/** Events of one block at its place in the content. */
export type Block = (index: number) => readonly Event[];

interface Ending {
  readonly reason?: string | undefined;
  readonly more?: Fields;
  readonly isCut?: boolean;
}

let ids = 0;

/** A whole message. */
export function message(
  blocks: readonly Block[],
  { reason = 'end_turn', more = {}, isCut = false }: Ending = {},
): readonly Event[] {
  const usage = { input_tokens: 12, output_tokens: 1, cache_read_input_tokens: 0, service_tier: 'standard' };
  const begun = {
    id: `msg_${(ids += 1)}`,
    type: 'message',
    role: 'assistant',
    model: 'claude',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage,
  };
  const end = [
    {
      type: 'message_delta',
      delta: { stop_reason: reason, stop_sequence: null, ...more },
      usage: { output_tokens: 30, server_tool_use: { web_search_requests: 1 } },
    },
    { type: 'message_stop' },
  ];
  return [
    { type: 'message_start', message: begun },
    ...blocks.flatMap((block, index) => block(index)),
    ...(isCut ? [] : end),
  ];
}

export function block(content: Fields, ...deltas: readonly Fields[]): Block {
  return (index) => [
    { type: 'content_block_start', index, content_block: content },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
    { type: 'content_block_stop', index },
  ];
}

export function text(...deltas: readonly string[]): Block {
  return block(
    { type: 'text', text: '', citations: null },
    ...deltas.map((each) => ({ type: 'text_delta', text: each })),
  );
}

export function cited(deltas: readonly string[], citations: readonly Fields[]): Block {
  return block(
    { type: 'text', text: '', citations: [] },
    ...citations.map((citation) => ({ type: 'citations_delta', citation })),
    ...deltas.map((each) => ({ type: 'text_delta', text: each })),
  );
}

export function thinking(signature: string, ...deltas: readonly string[]): Block {
  return block(
    { type: 'thinking', thinking: '', signature: '' },
    ...deltas.map((each) => ({ type: 'thinking_delta', thinking: each })),
    { type: 'signature_delta', signature },
  );
}

export function call(
  name: string,
  pieces: readonly string[],
  id = `toolu_${(ids += 1)}`,
  type = 'tool_use',
): Block {
  const deltas = pieces.map((partial_json) => ({ type: 'input_json_delta', partial_json }));
  return block({ type, id, name, input: {}, caller: { type: 'direct' } }, ...deltas);
}

export function served(name: string, pieces: readonly string[], result: string, content: unknown): Block[] {
  const id = `srvtoolu_${(ids += 1)}`;
  return [call(name, pieces, id, 'server_tool_use'), block({ type: result, tool_use_id: id, content })];
}
