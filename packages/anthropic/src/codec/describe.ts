import type { ContentBlock, StopReason } from '@anthropic-ai/sdk/resources/messages/messages';
import { isObject, type JsonObject, type JsonValue } from '@holdfast/codec';
import type { Shown } from '@holdfast/codec/documents';
import { PROVIDER } from './any-event.ts';
import { blockAt, endOf, listOf, type MessageDocument } from './message-document.ts';

interface Block {
  readonly document: MessageDocument;
  readonly block: JsonObject;
  readonly index: number;
  readonly isDone: boolean;
}

/** What everybody is shown of a message. */
export function describe(document: MessageDocument): readonly Shown[] {
  return document.blocks.flatMap((_block, index) => {
    const block = blockAt(document, index);
    const type = block?.['type'];
    if (block === undefined || typeof type !== 'string' || !Object.hasOwn(BLOCKS, type)) return [];
    const isDone = document.isOver || document.done.includes(index) || index < document.given;
    return BLOCKS[type as ContentBlock['type']]({ document, block, index, isDone });
  });
}

/** How a message came to its end, as controls say it. */
export function describeEnd(document: MessageDocument): readonly Shown[] {
  const { reason, usage } = endOf(document);
  const known =
    reason !== undefined && Object.hasOwn(REASONS, reason) ? REASONS[reason as StopReason] : 'other';
  const { input_tokens: input, output_tokens: output } = usage;
  const isCounted = typeof input === 'number' && typeof output === 'number';
  const fields = isCounted
    ? { usage: { promptTokens: input, completionTokens: output, totalTokens: input + output } }
    : {};
  return [{ is: 'control', verb: 'finish', subject: known, fields }];
}

const REASONS: Readonly<Record<StopReason, string>> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool-calls',
  pause_turn: 'other',
  refusal: 'content-filter',
};

type Show = (of: Block) => readonly Shown[];

/** Every type of block that the SDK knows. What is not shown is kept all the same. */
const BLOCKS: Readonly<Record<ContentBlock['type'], Show>> = {
  text: showText,
  thinking: ({ index, isDone }) => [{ is: 'reasoning', at: ['blocks', index, 'thinking'], isDone }],
  redacted_thinking: () => [],
  tool_use: (of) => showCall(of),
  server_tool_use: (of) => showCall(of, PROVIDER),
  web_search_tool_result: showResult,
  web_fetch_tool_result: showResult,
  code_execution_tool_result: showResult,
  bash_code_execution_tool_result: showResult,
  text_editor_code_execution_tool_result: showResult,
  tool_search_tool_result: showResult,
  container_upload: () => [],
};

function showText({ block, index, isDone }: Block): readonly Shown[] {
  const cited = listOf(block['citations']).flatMap((citation, n): readonly Shown[] => {
    if (!isObject(citation)) return [];
    const id = `${index}/${n}`;
    const title = text(citation, 'title') || text(citation, 'document_title');
    const url = text(citation, 'url');
    if (url !== '') return [{ is: 'part', kind: 'source', id, fields: { url, title } }];
    return title === ''
      ? []
      : [{ is: 'part', kind: 'document', id, fields: { mime: 'application/octet-stream', title } }];
  });
  return [{ is: 'text', at: ['blocks', index, 'text'], isDone }, ...cited];
}

function showCall({ document, block, index, isDone }: Block, by?: string): readonly Shown[] {
  const id = text(block, 'id');
  if (id === '') return [];
  const isStreamed = typeof document.inputs[String(index)] === 'string';
  // An input comes in pieces, or with the block.
  const at = isStreamed ? ['inputs', String(index)] : ['blocks', index, 'input'];
  return [{ is: 'call', id, name: text(block, 'name'), at, isDone, ...(by !== undefined && { by }) }];
}

/** The result of a call that the provider ran. */
function showResult({ block, index, isDone }: Block): readonly Shown[] {
  const id = text(block, 'tool_use_id');
  if (id === '' || !isDone) return [];
  const { content } = block;
  return isObject(content) && typeof content['error_code'] === 'string'
    ? [{ is: 'failure', id, error: content['error_code'] }]
    : [{ is: 'result', id, at: ['blocks', index, 'content'] }];
}

function text(of: Readonly<Record<string, JsonValue>>, field: string): string {
  const value = of[field];
  return typeof value === 'string' ? value : '';
}
