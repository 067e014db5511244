import {
  isObject,
  type Content,
  type JsonObject,
  type Part,
  type RawPart,
  type ToolPart,
} from '@holdfast/codec';
import { isInterruptCall } from './interrupt-call.ts';
import { MARKS } from './marks.ts';
import { own, showCall, showResult } from './show-call.ts';
import { showPart } from './show-part.ts';
import { createShownMessage, type ShownMessage, type ShownPart } from './shown-message.ts';

/** The messages that an answer shows as in a chat, in the order in which they began. */
export function showMessages({
  id: answer = 'msg',
  role,
  parts,
  metadata,
}: Content): readonly ShownMessage[] {
  const messages: ShownMessage[] = [];
  let group = 0;

  const begin = (id?: string): ShownMessage => {
    const unnamed = messages.length === 0 ? answer : `${answer}-${messages.length}`;
    const message = createShownMessage(id ?? unnamed, id !== undefined);
    if (role !== undefined) message.role = role;
    if (messages.length === 0 && isObject(metadata)) message.metadata = metadata;
    messages.push(message);
    return message;
  };
  const messageOf = (at: unknown): ShownMessage =>
    (typeof at === 'number' ? messages[at] : messages.at(-1)) ?? begin();

  const mark = ({ of, chunk }: RawPart): void => {
    if (!isObject(chunk)) return;
    const { at, call, part } = chunk;
    if (of === MARKS.message) {
      const { id } = chunk;
      const isNew = typeof at !== 'number' || messages[at] === undefined;
      describe(isNew ? begin(typeof id === 'string' ? id : undefined) : messageOf(at), chunk);
    } else if (of === MARKS.part) {
      if (isObject(part)) add(messageOf(at), part, { type: 'raw', chunk });
    } else if (of === MARKS.call || of === MARKS.result) {
      const found = findCall(messages, call, at);
      if (found !== undefined) (of === MARKS.call ? patch : place)(found, chunk);
    }
  };
  const add = ({ parts: shown }: ShownMessage, ui: JsonObject, of: Part): void => {
    if (ui['type'] !== 'tool-call') group += 1;
    const before = shown.find((each) => joins(each, ui, each === shown.at(-1)));
    if (before === undefined) shown.push({ ui, of, group });
    else Object.assign(before, { ui: joined(before.ui, ui), of });
  };
  const place = ({ message, index }: FoundCall, chunk: JsonObject): void => {
    const { of } = message.parts[index] ?? {};
    const result = of?.type === 'tool' ? showResult(of) : undefined;
    if (of === undefined || result === undefined) return;
    const ui = { ...result, ...(isObject(chunk['set']) && chunk['set']) };
    const { call } = chunk;
    const placed = message.parts.find((each) => each.ui['toolCallId'] === call);
    if (placed !== undefined) return void Object.assign(placed, { ui });
    group += 1;
    if (typeof call === 'string') message.placed.add(call);
    message.parts.push({ ui, of, group });
  };

  for (const part of parts) {
    if (part.type === 'tool' && isInterruptCall(part)) continue;
    if (part.type === 'raw') mark(part);
    else if (part.type === 'step') group += 1;
    else if (part.type === 'tool') add(messageOf(own(part)['at']), showCall(part), part);
    else {
      const ui = showPart(part);
      if (ui !== undefined) add(messageOf(own(part)['at']), withoutPlace(ui), part);
    }
  }
  for (const message of messages) placeResults(message);
  return messages;
}

function describe(message: ShownMessage, { id, role, metadata, gone }: JsonObject): void {
  if (typeof id === 'string') Object.assign(message, { id, isNamed: true });
  if (role === 'user' || role === 'system') message.role = role;
  if (isObject(metadata)) message.metadata = metadata;
  if (gone === true) message.isGone = true;
}

interface FoundCall {
  readonly message: ShownMessage;
  readonly index: number;
}

function findCall(messages: readonly ShownMessage[], call: unknown, at: unknown): FoundCall | undefined {
  for (const [k, message] of [...messages.entries()].reverse()) {
    if (typeof at === 'number' && at !== k) continue;
    const index = message.parts.findIndex(({ ui }) => ui['type'] === 'tool-call' && ui['id'] === call);
    if (index >= 0) return { message, index };
  }
  return undefined;
}

function patch({ message: { parts }, index }: FoundCall, { set, without }: JsonObject): void {
  const part = parts[index];
  if (part === undefined) return;
  const ui: Record<string, JsonObject[string]> = { ...part.ui, ...(isObject(set) && set) };
  if (Array.isArray(without)) for (const key of without) if (typeof key === 'string') delete ui[key];
  // How the model spelled its arguments is nothing to those that a person put in their place.
  if (part.of.type === 'tool' && part.of.approval?.proposed !== undefined)
    for (const key of ['arguments', 'input']) if (part.ui[key] !== undefined) ui[key] = part.ui[key];
  part.ui = ui;
}

/** Text goes on with the text before it, reasoning with that of the same step. */
function joins({ ui: { type, stepId } }: ShownPart, ui: JsonObject, isLast: boolean): boolean {
  if (type !== ui['type']) return false;
  return type === 'text' ? isLast : type === 'thinking' && stepId === ui['stepId'];
}

function joined(before: JsonObject, ui: JsonObject): JsonObject {
  return { ...before, ...ui, content: `${textOf(before)}${textOf(ui)}` };
}

function textOf({ content }: JsonObject): string {
  return typeof content === 'string' ? content : '';
}

function withoutPlace({ at: _at, ...ui }: JsonObject): JsonObject {
  return ui;
}

/** A result without a place of its own follows the calls that stand beside its call. */
function placeResults(message: ShownMessage): void {
  const { parts, placed } = message;
  const waiting: { readonly of: ToolPart; readonly group: number }[] = [];
  message.parts = [...parts, undefined].flatMap((part) => {
    const due = waiting.filter(({ group }) => group !== part?.group);
    waiting.splice(0, due.length);
    const results = due.flatMap(({ of, group }) => {
      const ui = showResult(of);
      return ui === undefined ? [] : [{ ui, of, group }];
    });
    if (part?.ui['type'] === 'tool-call' && part.of.type === 'tool' && !placed.has(part.of.callId))
      waiting.push({ of: part.of, group: part.group });
    return part === undefined ? results : [...results, part];
  });
}
