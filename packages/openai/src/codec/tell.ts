import { isEqual, isObject, type JsonObject, type JsonValue } from '@holdfast/codec';
import { accumulate } from './accumulate.ts';
import type { AnyEvent } from './any-event.ts';
import { isOver, itemsOf, objectsOf, textOf, type ResponseDocument } from './response-document.ts';
import { statusEvent, textEvents } from './table.ts';

/** A response that a reader is led to, event by event. */
export interface Telling {
  /** The response as the reader has it. */
  readonly document: ResponseDocument | undefined;
  /** The events by which the reader comes to have this one. */
  to(document: ResponseDocument): readonly AnyEvent[];
}

export function createTelling(): Telling {
  let known: ResponseDocument | undefined;
  let sequence = 0;
  let told: AnyEvent[] = [];

  const emit = (event: AnyEvent): void => {
    const step = accumulate(known, event);
    if (step.did === 'nothing') return;
    known = step.document;
    told.push({ ...event, sequence_number: sequence });
    sequence += 1;
  };

  const tellItem = (index: number, { done }: ResponseDocument, item: JsonObject): void => {
    const here = (): JsonObject => (known === undefined ? {} : (itemsOf(known)[index] ?? {}));
    const type = textOf(item['type']);
    const place = { output_index: index, item_id: item['id'] ?? null };
    const isEmpty = known === undefined || itemsOf(known)[index] === undefined;
    if (isEmpty) emit({ type: 'response.output_item.added', output_index: index, item: toBare(item) });
    const isNews = done.includes(index) && known?.done.includes(index) !== true;
    for (const list of ['summary', 'content'] as const)
      for (const [n, part] of objectsOf(item[list]).entries())
        tellPart({ emit, here, list, n, part, place, type, isNews });
    for (const field of FIELDS) {
      const events = textEvents({ item: type } as Parameters<typeof textEvents>[0]);
      if (events !== undefined && field in item)
        tellText({ emit, events, place, before: here()[field], after: item[field], isNews });
    }
    if (type === 'shell_call') tellCommands({ emit, here, item, place, isNews });
    if (type === 'shell_call_output') tellOutputs({ emit, here, item, place, isNews });
    const status = item['status'];
    const event =
      typeof status === 'string' && status !== here()['status'] ? statusEvent(type, status) : undefined;
    if (event !== undefined) emit({ type: event, ...place });
    if (isNews) emit({ type: 'response.output_item.done', output_index: index, item });
  };

  return {
    get document() {
      return known;
    },
    to(document) {
      told = [];
      const { response } = document;
      if (known === undefined) emit({ type: 'response.created', response: toBegun(response) });
      for (const [index, item] of itemsOf(document).entries()) tellItem(index, document, item);
      // What no other event says, and how it ends: the response whole.
      if (!isEqual(known?.response, response)) {
        const type = `response.${isOver(document) || response['status'] === 'queued' ? textOf(response['status']) : 'in_progress'}`;
        emit({ type: LIFE.has(type) ? type : 'response.in_progress', response });
      }
      return told;
    },
  };
}

const LIFE: ReadonlySet<string> = new Set([
  'response.queued',
  'response.completed',
  'response.failed',
  'response.incomplete',
]);

/** Fields of items that are told as they grow. */
const FIELDS = ['arguments', 'input', 'code'] as const;

interface Place {
  readonly output_index: number;
  readonly item_id: JsonValue;
}

interface PartTelling {
  readonly emit: (event: AnyEvent) => void;
  readonly here: () => JsonObject;
  readonly list: 'summary' | 'content';
  readonly n: number;
  readonly part: JsonObject;
  readonly place: Place;
  readonly type: string;
  readonly isNews: boolean;
}

function tellPart({ emit, here, list, n, part, place: item, type, isNews }: PartTelling): void {
  const isSummary = list === 'summary';
  const name = isSummary ? 'response.reasoning_summary_part' : 'response.content_part';
  const place = { ...item, [`${list}_index`]: n };
  const now = (): JsonObject | undefined => objectsOf(here()[list])[n];
  if (now() === undefined) emit({ type: `${name}.added`, ...place, part: toBarePart(part) });
  const of = isSummary ? {} : { part: textOf(part['type']) };
  const events = textEvents({ item: type, list, ...of } as Parameters<typeof textEvents>[0]);
  const field = part['type'] === 'refusal' ? 'refusal' : 'text';
  if (events !== undefined)
    tellText({
      emit,
      events,
      place,
      before: now()?.[field],
      after: part[field],
      isNews,
      ...(part['type'] === 'output_text' && { odds: oddsOf(part, now()) }),
    });
  const known = objectsOf(now()?.['annotations']).length;
  for (const [index, annotation] of objectsOf(part['annotations']).entries())
    if (index >= known)
      emit({ type: 'response.output_text.annotation.added', ...place, annotation_index: index, annotation });
  if (isNews) emit({ type: `${name}.done`, ...place, part });
}

function oddsOf(part: JsonObject, known: JsonObject | undefined): NonNullable<TextTelling['odds']> {
  const all = objectsOf(part['logprobs']);
  return { more: { logprobs: all.slice(objectsOf(known?.['logprobs']).length) }, all: { logprobs: all } };
}

interface ItemTelling extends Pick<PartTelling, 'emit' | 'here' | 'place' | 'isNews'> {
  readonly item: JsonObject;
}

function tellCommands({ emit, here, item, place, isNews }: ItemTelling): void {
  const commandsOf = ({ action }: JsonObject): readonly JsonValue[] =>
    isObject(action) && Array.isArray(action['commands']) ? (action['commands'] as readonly JsonValue[]) : [];
  for (const [index, command] of commandsOf(item).entries()) {
    const known = commandsOf(here())[index];
    if (typeof command !== 'string') continue;
    const event = { output_index: place.output_index, command_index: index };
    if (typeof known !== 'string') emit({ type: 'response.shell_call_command.added', ...event, command });
    else if (command !== known && command.startsWith(known))
      emit({ type: 'response.shell_call_command.delta', ...event, delta: command.slice(known.length) });
    if (isNews) emit({ type: 'response.shell_call_command.done', ...event, command });
  }
}

function tellOutputs({ emit, here, item, place }: ItemTelling): void {
  for (const [index, output] of objectsOf(item['output']).entries()) {
    const known = (): JsonObject => objectsOf(here()['output'])[index] ?? {};
    const event = { ...place, command_index: index };
    const delta: Record<string, JsonValue> = {};
    for (const of of ['stdout', 'stderr']) {
      const before = known()[of] ?? '';
      const after = output[of];
      if (typeof before !== 'string' || typeof after !== 'string' || !after.startsWith(before)) continue;
      if (after !== before) delta[of] = after.slice(before.length);
    }
    if (Object.keys(delta).length > 0)
      emit({ type: 'response.shell_call_output_content.delta', ...event, delta });
    if (!isEqual(known(), output))
      emit({ type: 'response.shell_call_output_content.done', ...event, output: [output] });
  }
}

interface TextTelling {
  readonly emit: (event: AnyEvent) => void;
  readonly events: NonNullable<ReturnType<typeof textEvents>>;
  readonly place: Place;
  readonly before: JsonValue | undefined;
  readonly after: JsonValue | undefined;
  readonly isNews: boolean;
  /** The log probabilities that come with it, and all of them. */
  readonly odds?: { readonly more: JsonObject; readonly all: JsonObject };
}

function tellText({ emit, events, place, before, after, isNews, odds }: TextTelling): void {
  if (typeof after !== 'string' || place.item_id === null) return;
  const known = typeof before === 'string' ? before : '';
  if (after.length > known.length && after.startsWith(known))
    emit({ type: events.grow, ...place, delta: after.slice(known.length), ...odds?.more });
  if (isNews) emit({ type: events.put, ...place, [events.from]: after, ...odds?.all });
}

/** A response as it begins: nothing has come of it yet. */
function toBegun(response: JsonObject): JsonObject {
  const { completed_at: _at, ...begun } = response;
  return {
    ...begun,
    output: [],
    status: response['status'] === 'queued' ? 'queued' : 'in_progress',
    error: null,
    incomplete_details: null,
    usage: null,
  };
}

const LISTS = ['content', 'summary'] as const;

/** An item as it comes: what streams is not there yet. */
function toBare(item: JsonObject): JsonObject {
  const isStreamed = item['type'] === 'message' || item['type'] === 'reasoning';
  const bare: Record<string, JsonValue> = { ...item };
  for (const list of LISTS) if (isStreamed && Array.isArray(item[list])) bare[list] = [];
  const texts = textEvents({ item: item['type'] } as Parameters<typeof textEvents>[0]);
  for (const field of FIELDS) if (texts !== undefined && typeof item[field] === 'string') bare[field] = '';
  if (item['type'] === 'shell_call' && isObject(item['action']))
    bare['action'] = { ...item['action'], commands: [] };
  if (item['type'] === 'shell_call_output') bare['output'] = [];
  if (typeof item['status'] === 'string') bare['status'] = 'in_progress';
  return bare;
}

function toBarePart(part: JsonObject): JsonObject {
  const bare: Record<string, JsonValue> = { ...part };
  for (const field of ['text', 'refusal']) if (typeof part[field] === 'string') bare[field] = '';
  for (const list of ['annotations', 'logprobs']) if (Array.isArray(part[list])) bare[list] = [];
  return bare;
}
