import type { JsonObject, Part } from '@holdfast/codec';
import type { AnswerLog } from './answer-log.ts';
import type { ShownPart } from './shown-message.ts';
import { toX, type PartWriting } from './part-writing.ts';

export function writeText(writing: PartWriting, part: JsonObject, shown: ShownPart | undefined): void {
  grow(writing, { kind: 'text', fields: toX(writing.place), to: part['content'] }, shown);
}

export function writeThinking(writing: PartWriting, part: JsonObject, shown: ShownPart | undefined): void {
  const { log, place } = writing;
  const { stepId, content, signature } = part;
  const fields = { ...(stepId !== undefined && { id: stepId }), ...toX(place) };
  if (content !== (shown?.ui['content'] ?? '') || shown === undefined)
    grow(writing, { kind: 'reasoning', fields, to: content }, shown);
  if (signature === undefined || signature === shown?.ui['signature']) return;
  // What was closed already goes on in a part of its own.
  const n = streamedBy(shown, log) ?? log.open('reasoning', fields);
  log.control('close', n, toX({}, { signature }));
}

export function writeStructured(writing: PartWriting, part: JsonObject, shown: ShownPart | undefined): void {
  const { log, place } = writing;
  const { status, raw, data, reasoning, errorMessage } = part;
  const fields = { as: 'json', ...toX(place) };
  const streamed = shown?.of.type === 'text' ? shown.of.text : '';
  const isGrown =
    typeof raw === 'string' && raw.startsWith(streamed) && (shown === undefined || raw !== streamed);
  if (isGrown) grow(writing, { kind: 'text', fields, to: raw }, shown, streamed);
  if (status === 'streaming') return;
  const n = shown === undefined || isGrown ? lastNumber(log) : streamedBy(shown, log);
  if (n === undefined) return;
  const said = {
    status: status ?? 'error',
    data,
    reasoning,
    errorMessage,
    ...(!isGrown && raw !== streamed && { raw }),
  };
  log.control('close', n, toX({}, defined(said)));
}

interface Growth {
  readonly kind: string;
  readonly fields: JsonObject;
  readonly to: unknown;
}

/** Half a surrogate pair waits for the other half, which is on its way to the reader. */
const HALF = /[\ud800-\udbff]$/u;

function grow(
  { log }: PartWriting,
  { kind, fields, to }: Growth,
  shown: ShownPart | undefined,
  from: unknown = shown?.ui['content'] ?? '',
): void {
  if (typeof to !== 'string' || typeof from !== 'string' || !to.startsWith(from)) return;
  const more = to.slice(from.length).replace(HALF, '');
  if (more === '' && shown !== undefined) return;
  log.text(streamedBy(shown, log) ?? log.open(kind, fields), more);
}

/** The number of a part that text can still be added to. */
function streamedBy(shown: ShownPart | undefined, { content }: AnswerLog): number | undefined {
  const of = shown?.of;
  // The part may have grown since it was looked at: its number is what stays.
  const part = content.parts.find((each): boolean => each.n !== undefined && each.n === of?.n);
  return part !== undefined && isStreaming(part) ? part.n : undefined;
}

function lastNumber({ content }: AnswerLog): number | undefined {
  return content.parts.findLast((part) => part.type === 'text' && part.as === 'json' && isStreaming(part))?.n;
}

export function isStreaming(part: Part): boolean {
  return (part.type === 'text' || part.type === 'reasoning') && part.state === 'streaming';
}

function defined(fields: { readonly [key: string]: JsonObject[string] | undefined }): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}
