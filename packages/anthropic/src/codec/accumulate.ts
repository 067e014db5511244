import { isObject, type JsonObject, type JsonValue, type Path } from '@holdfast/codec';
import { put } from '@holdfast/codec/documents';
import type { AnyEvent } from './any-event.ts';
import { begin, blockAt, listOf, type MessageDocument } from './message-document.ts';
import { deltaOf, type EventType } from './table.ts';

/** What an event did to the document. */
export type Step =
  | { readonly did: 'begin' | 'change'; readonly document: MessageDocument }
  | { readonly did: 'grow'; readonly document: MessageDocument; readonly at: Path; readonly text: string }
  /** It has no place in the document. */
  | { readonly did: 'nothing' };

const NOTHING: Step = { did: 'nothing' };

/** Applies an event as the SDK's `MessageStream` does; what that passes over does nothing. */
export function accumulate(
  document: MessageDocument | undefined,
  event: AnyEvent & { readonly type: EventType },
): Step {
  if (event.type === 'message_start') {
    const { message } = event;
    return isObject(message) ? { did: 'begin', document: begin(message) } : NOTHING;
  }
  // What comes after the end has no message to be about.
  if (document === undefined || document.isOver) return NOTHING;
  const { index } = event;
  const block = typeof index === 'number' ? blockAt(document, index) : undefined;
  switch (event.type) {
    case 'content_block_start': {
      const added = event['content_block'];
      return isObject(added)
        ? { did: 'change', document: { ...document, blocks: [...document.blocks, added] } }
        : NOTHING;
    }
    case 'content_block_delta':
      return block === undefined || typeof index !== 'number'
        ? NOTHING
        : applyDelta(document, index, block, event['delta']);
    case 'content_block_stop':
      return block === undefined || typeof index !== 'number' || document.done.includes(index)
        ? NOTHING
        : { did: 'change', document: { ...document, done: [...document.done, index].sort((a, b) => a - b) } };
    case 'message_delta': {
      const { type: _type, ...said } = event;
      return isObject(said['delta']) && isObject(said['usage'])
        ? { did: 'change', document: { ...document, deltas: [...document.deltas, said] } }
        : NOTHING;
    }
    case 'message_stop':
      return { did: 'change', document: { ...document, isOver: true } };
  }
}

function applyDelta(
  document: MessageDocument,
  index: number,
  block: JsonObject,
  delta: JsonValue | undefined,
): Step {
  const rule = isObject(delta) ? deltaOf(delta['type']) : undefined;
  if (!isObject(delta) || rule === undefined || !rule.blocks.some((type) => type === block['type']))
    return NOTHING;
  const said = delta[rule.from] ?? null;
  const at: Path = rule.field === undefined ? ['inputs', String(index)] : ['blocks', index, rule.field];
  if (rule.does === 'grow') {
    if (typeof said !== 'string') return NOTHING;
    const before = (rule.field === undefined ? document.inputs[String(index)] : block[rule.field]) ?? '';
    if (typeof before !== 'string') return NOTHING;
    return { did: 'grow', document: put(document, at, before + said) as MessageDocument, at, text: said };
  }
  const value = rule.does === 'add' ? [...listOf(block[rule.field ?? '']), said] : said;
  return { did: 'change', document: put(document, at, value) as MessageDocument };
}
