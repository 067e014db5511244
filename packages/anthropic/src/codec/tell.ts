import { isEqual, isObject, type JsonObject, type JsonValue } from '@holdfast/codec';
import { accumulate } from './accumulate.ts';
import type { AnyEvent } from './any-event.ts';
import { blockAt, listOf, type MessageDocument } from './message-document.ts';
import { isKnownType } from './table.ts';

/** A message that a reader is led to, event by event. */
export interface Telling {
  /** The message as the reader has it. */
  readonly document: MessageDocument | undefined;
  /** The events by which the reader comes to have this one; undefined where there are none. */
  to(document: MessageDocument): readonly AnyEvent[] | undefined;
}

export function createTelling(): Telling {
  let known: MessageDocument | undefined;
  let told: AnyEvent[] = [];

  const emit = (event: AnyEvent): void => {
    if (!isKnownType(event.type)) return;
    const step = accumulate(known, { ...event, type: event.type });
    if (step.did === 'nothing') return;
    known = step.document;
    told.push(event);
  };

  const tellBlock = (document: MessageDocument, index: number, block: JsonObject): void => {
    const here = (): JsonObject => (known === undefined ? {} : (blockAt(known, index) ?? {}));
    const say = (delta: JsonObject): void => emit({ type: 'content_block_delta', index, delta });
    if (known !== undefined && blockAt(known, index) === undefined)
      emit({ type: 'content_block_start', index, content_block: toBare(block) });
    const grown = (before: JsonValue | undefined, after: JsonValue | undefined): string | undefined => {
      const from = before ?? '';
      if (typeof from !== 'string' || typeof after !== 'string' || !after.startsWith(from)) return undefined;
      return after === from ? undefined : after.slice(from.length);
    };
    const thinking = grown(here()['thinking'], block['thinking']);
    if (thinking !== undefined) say({ type: 'thinking_delta', thinking });
    const text = grown(here()['text'], block['text']);
    if (text !== undefined) say({ type: 'text_delta', text });
    for (const citation of listOf(block['citations']).slice(listOf(here()['citations']).length))
      say({ type: 'citations_delta', citation });
    const { signature } = block;
    if (typeof signature === 'string' && signature !== here()['signature'])
      say({ type: 'signature_delta', signature });
    const key = String(index);
    const after = document.inputs[key];
    const isNew = known?.inputs[key] === undefined && after === '';
    const json = isNew ? '' : grown(known?.inputs[key], after);
    if (json !== undefined) say({ type: 'input_json_delta', partial_json: json });
    if (document.done.includes(index)) emit({ type: 'content_block_stop', index });
  };

  return {
    get document() {
      return known;
    },
    to(document) {
      told = [];
      const { message, given, blocks, deltas, isOver } = document;
      if (known === undefined)
        emit({ type: 'message_start', message: { ...message, content: blocks.slice(0, given) } });
      for (const [index, block] of blocks.entries()) if (isObject(block)) tellBlock(document, index, block);
      for (const said of deltas.slice(known?.deltas.length ?? 0))
        if (isObject(said)) emit({ type: 'message_delta', ...said });
      if (isOver) emit({ type: 'message_stop' });
      return isEqual(known, document) ? told : undefined;
    },
  };
}

/** A block as it comes: what streams is not there yet. */
function toBare(block: JsonObject): JsonObject {
  const bare: Record<string, JsonValue> = { ...block };
  const fields =
    block['type'] === 'text' ? ['text'] : block['type'] === 'thinking' ? ['thinking', 'signature'] : [];
  for (const field of fields) if (typeof block[field] === 'string') bare[field] = '';
  if (fields.includes('text') && listOf(block['citations']).length > 0) bare['citations'] = [];
  return bare;
}
