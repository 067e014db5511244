import { compact, isObject, type JsonObject, type JsonValue, type Path } from '@holdfast/codec';
import { at, put } from '@holdfast/codec/documents';
import type { AnyEvent } from './any-event.ts';
import { objectsOf, type ResponseDocument } from './response-document.ts';
import { ruleOf, type Text } from './table.ts';

/** What an event did to the document. */
export type Step =
  | { readonly did: 'begin' | 'change'; readonly document: ResponseDocument }
  | { readonly did: 'grow'; readonly document: ResponseDocument; readonly at: Path; readonly text: string }
  /** It has no place in the document. */
  | { readonly did: 'nothing' };

const NOTHING: Step = { did: 'nothing' };

/** Applies an event as the SDK's own accumulator does; what that would fail on does nothing. */
export function accumulate(document: ResponseDocument | undefined, event: AnyEvent): Step {
  const rule = ruleOf(event.type);
  if (rule?.does === 'begin') {
    const response = responseOf(event);
    return response === undefined ? NOTHING : { did: 'begin', document: { response, done: [] } };
  }
  if (document === undefined || rule === undefined) return NOTHING;
  const { output_index: index } = event;
  const change = (path: Path, value: JsonValue | undefined, done = document.done): Step => {
    if (value === undefined || value === null) return NOTHING;
    const changed = put(document, path, value) as ResponseDocument;
    return changed === document ? NOTHING : { did: 'change', document: { ...changed, done } };
  };
  const output = document.response['output'];
  const item = typeof index === 'number' ? at(output, [index]) : undefined;
  const here = ['response', 'output', typeof index === 'number' ? index : -1];

  switch (rule.does) {
    case 'replace': {
      const response = responseOf(event);
      return response === undefined ? NOTHING : change(['response'], response);
    }
    case 'add':
      return change(['response', 'output', lengthOf(output)], objectOf(event['item']));
    case 'finish':
      return item === undefined || typeof index !== 'number'
        ? NOTHING
        : change(here, objectOf(event['item']), [...new Set([...document.done, index])]);
    case 'add-part': {
      const part = objectOf(event['part']);
      if (!isObject(item) || !takesPart(item, rule.list, part)) return NOTHING;
      const parts = item[rule.list] ?? [];
      return Array.isArray(parts) && part !== undefined
        ? change([...here, rule.list], [...(parts as readonly JsonValue[]), part])
        : NOTHING;
    }
    case 'finish-part': {
      const path = [...here, rule.list, indexOf(event, rule.list)];
      const part = objectOf(event['part']);
      if (!isObject(item) || !takesPart(item, rule.list, part)) return NOTHING;
      return at(document, path) === undefined ? NOTHING : change(path, part);
    }
    case 'annotate': {
      const { annotation_index: place, annotation } = event;
      const path = [...here, 'content', indexOf(event, 'content'), 'annotations'];
      const known = at(document, path);
      return typeof place === 'number' && Array.isArray(known) && place <= known.length
        ? change([...path, place], annotation)
        : NOTHING;
    }
    case 'grow':
    case 'put': {
      const path = [...here, ...pathOf(event, rule.text)];
      const text = event[rule.from];
      const before = textAt(document, path, rule.text, item);
      if (before === undefined || typeof text !== 'string') return NOTHING;
      const grown = put(document, path, rule.does === 'put' ? text : before + text) as ResponseDocument;
      const odds = rule.text.part === 'output_text' ? oddsAfter(grown, path, event) : undefined;
      if (odds === undefined && rule.does === 'grow') return { did: 'grow', document: grown, at: path, text };
      const owner = [...path.slice(0, -1), 'logprobs'];
      const changed = odds === undefined ? grown : (put(grown, owner, odds) as ResponseDocument);
      return { did: 'change', document: changed };
    }
    case 'command': {
      const { command_index: place, command, delta } = event;
      const path = [...here, 'action', 'commands'];
      const before = typeof place === 'number' ? at(document, [...path, place]) : undefined;
      const text = rule.how === 'grow' ? join(before, delta) : command;
      const isPlaced = rule.how === 'add' ? Array.isArray(at(document, path)) : before !== undefined;
      return isPlaced && typeof place === 'number' && typeof text === 'string'
        ? change([...path, place], text)
        : NOTHING;
    }
    case 'shell-output': {
      const { command_index: place, delta, output } = event;
      const path = [...here, 'output'];
      if (!isObject(item) || item['type'] !== 'shell_call_output' || typeof place !== 'number')
        return NOTHING;
      const before = objectsOf(at(document, path));
      if (rule.how === 'put') return change(path, placed(before, place, objectsOf(output)[0]));
      const { stdout, stderr, ...more } = before[place] ?? NO_OUTPUT;
      if (!isObject(delta)) return NOTHING;
      const grown = {
        ...more,
        stdout: join(stdout, delta['stdout'] ?? ''),
        stderr: join(stderr, delta['stderr'] ?? ''),
      };
      return change(path, placed(before, place, compact<JsonObject>(grown)));
    }
    case 'status':
      return isObject(item) && item['type'] === rule.item
        ? change([...here, 'status'], rule.status)
        : NOTHING;
    case 'pass':
    case 'signal':
      return NOTHING;
  }
}

function pathOf(event: AnyEvent, { list, field }: Text): Path {
  return list === undefined ? [field] : [list, indexOf(event, list), field];
}

function indexOf(event: AnyEvent, list: 'content' | 'summary'): number {
  const index = event[`${list}_index`];
  return typeof index === 'number' ? index : -1;
}

function textAt(
  document: ResponseDocument,
  path: Path,
  { item: type, part }: Text,
  item: JsonValue | undefined,
): string | undefined {
  if (!isObject(item) || item['type'] !== type) return undefined;
  const owner = at(document, path.slice(0, -1));
  if (!isObject(owner) || (part !== undefined && owner['type'] !== part)) return undefined;
  const text = at(document, path) ?? '';
  return typeof text === 'string' ? text : undefined;
}

const NO_OUTPUT: JsonObject = { stdout: '', stderr: '', outcome: { type: 'exit', exit_code: 0 } };

/** Outputs of a shell with one of them; those of commands before it are there by then, and empty. */
function placed(
  outputs: readonly JsonObject[],
  place: number,
  output: JsonObject | undefined,
): readonly JsonObject[] | undefined {
  if (output === undefined || !Number.isSafeInteger(place) || place < 0 || place > MOST_COMMANDS)
    return undefined;
  const copy = [...outputs];
  while (copy.length < place) copy.push(NO_OUTPUT);
  copy[place] = output;
  return copy;
}

const MOST_COMMANDS = 1000;

/** Log probabilities of a text after an event; undefined where it leaves them as they are. */
function oddsAfter(document: JsonValue, text: Path, event: AnyEvent): readonly JsonValue[] | undefined {
  const said = event['logprobs'];
  if (!Array.isArray(said) || !said.every(isOdds)) return undefined;
  const before = at(document, [...text.slice(0, -1), 'logprobs']);
  const known: readonly JsonValue[] = Array.isArray(before) ? before : [];
  if (!('delta' in event)) return said.length > 0 || known.length > 0 ? said : undefined;
  return said.length > 0 ? [...known, ...(said as readonly JsonValue[])] : undefined;
}

/** Streams may leave out fields that a response has. */
function isOdds(value: JsonValue): boolean {
  const isWhole = (each: JsonValue): boolean =>
    isObject(each) &&
    typeof each['token'] === 'string' &&
    typeof each['logprob'] === 'number' &&
    Array.isArray(each['bytes']);
  return (
    isWhole(value) &&
    isObject(value) &&
    Array.isArray(value['top_logprobs']) &&
    value['top_logprobs'].every(isWhole)
  );
}

function join(before: JsonValue | undefined, delta: JsonValue | undefined): string | undefined {
  return typeof before === 'string' && typeof delta === 'string' ? before + delta : undefined;
}

function takesPart(item: JsonObject, list: 'content' | 'summary', part: JsonObject | undefined): boolean {
  const isThought = part?.['type'] === 'reasoning_text';
  if (list === 'summary') return item['type'] === 'reasoning';
  return item['type'] === (isThought ? 'reasoning' : 'message');
}

function responseOf({ response }: AnyEvent): JsonObject | undefined {
  if (!isObject(response) || !Array.isArray(response['output'])) return undefined;
  const { output_text: _made, ...own } = response;
  return own;
}

function objectOf(value: JsonValue | undefined): JsonObject | undefined {
  return isObject(value) ? value : undefined;
}

function lengthOf(value: JsonValue | undefined): number {
  return Array.isArray(value) ? value.length : 0;
}
