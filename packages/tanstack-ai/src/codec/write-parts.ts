import { type JsonObject, toPlain } from '@holdfast/codec';
import type { AnyEvent } from './any-event.ts';
import type { AnswerLog } from './answer-log.ts';
import { isSame } from './is-same.ts';
import { MARKS } from './marks.ts';
import type { PartWriting } from './part-writing.ts';
import type { ShownPart } from './shown-message.ts';
import { writeCall } from './write-call.ts';
import { writeStructured, writeText, writeThinking } from './write-text.ts';

/** Writes what makes message `at` of a log show these parts. */
export function writeParts(log: AnswerLog, at: number, parts: readonly JsonObject[], event: AnyEvent): void {
  const place: JsonObject = at === log.shown.length - 1 ? {} : { at };
  const keys = keysOf(parts);
  for (const [index, part] of parts.entries()) {
    const shown = find(log, at, keys[index]);
    if (isSame(shown?.ui, part)) continue;
    if (shown === undefined && part['type'] === 'tool-call') pinResults(log, at, parts.slice(0, index));
    writePart({ log, at, event, place }, part, shown);
  }
  for (const [index, part] of parts.entries()) correct(log, at, part, keys[index]);
  const order = keysOf((log.shown[at]?.parts ?? []).map(({ ui }) => ui));
  if (!isSame(order, keys)) pinResults(log, at, parts);
}

function writePart(writing: PartWriting, part: JsonObject, shown: ShownPart | undefined): void {
  switch (part['type']) {
    case 'text':
      return writeText(writing, part, shown);
    case 'thinking':
      return writeThinking(writing, part, shown);
    case 'structured-output':
      return writeStructured(writing, part, shown);
    case 'tool-call':
      return writeCall(writing, part, shown);
    case 'tool-result':
      // It follows from its call.
      return;
    default:
      if (shown === undefined) writing.log.mark(MARKS.part, { ...writing.place, part: toPlain(part) });
  }
}

/** Says what doesn't follow from the neutral part, such as how arguments were spelled. */
function correct(log: AnswerLog, at: number, part: JsonObject, key: string | undefined): void {
  const { type } = part;
  if (type !== 'tool-call' && type !== 'tool-result') return;
  const { ui } = find(log, at, key) ?? {};
  if (ui === undefined || isSame(ui, part)) return;
  const isOther = ([name, value]: [string, unknown]): boolean => !isSame(ui[name], value);
  const set = toPlain(Object.fromEntries(Object.entries(part).filter(isOther)));
  const without = Object.keys(ui).filter((name) => part[name] === undefined);
  if (type === 'tool-result') return log.mark(MARKS.result, { call: part['toolCallId'] ?? '', at, set });
  log.mark(MARKS.call, { call: part['id'] ?? '', at, set, ...(without.length > 0 && { without }) });
}

/** Gives the results that come last a place of their own, before something comes between them and their calls. */
function pinResults(log: AnswerLog, at: number, order: readonly JsonObject[]): void {
  const { parts = [], placed = new Set() } = log.shown[at] ?? {};
  const unplaced = new Set(
    parts.flatMap(({ ui: { type, toolCallId } }) =>
      type === 'tool-result' && typeof toolCallId === 'string' && !placed.has(toolCallId) ? [toolCallId] : [],
    ),
  );
  const end = order.findLastIndex(({ type }) => type !== 'tool-result') + 1;
  for (const { toolCallId } of order.slice(end))
    if (typeof toolCallId === 'string' && unplaced.has(toolCallId))
      log.mark(MARKS.result, { call: toolCallId, at });
}

function find(log: AnswerLog, at: number, key: string | undefined): ShownPart | undefined {
  const parts = log.shown[at]?.parts ?? [];
  return parts[keysOf(parts.map(({ ui }) => ui)).findIndex((each) => each === key)];
}

/** What each part is called among those of its message. */
function keysOf(parts: readonly JsonObject[]): readonly string[] {
  const counts = new Map<unknown, number>();
  return parts.map(({ type, id, stepId, toolCallId }) => {
    const name =
      type === 'tool-call'
        ? id
        : type === 'thinking'
          ? stepId
          : type === 'tool-result'
            ? toolCallId
            : undefined;
    const count = counts.get(type) ?? 0;
    counts.set(type, count + 1);
    return `${JSON.stringify(type)} ${JSON.stringify(name ?? count)}`;
  });
}
