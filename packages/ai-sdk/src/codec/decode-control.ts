import { isObject, parseInput, type Control, type JsonObject } from '@holdfast/codec';
import { FRAMEWORK, fromFields, pick, UNSHOWN } from './fields.ts';
import { findAsked, findCall, trackControl, type LogState, type OpenPart } from './log-state.ts';
import type { AnyChunk, PushChunks } from './push-chunks.ts';
import { DELTAS, deltaOf, rowFor, rowOf } from './table.ts';

/**
 * Takes a control and adds the chunks that say it. What has no place (a part that isn't open, a call that isn't there)
 * gives no chunk, because the framework's reducer fails on it; neither does what an agent writes for itself.
 */
export function decodeControl(state: LogState, control: Control, n: number, chunks: PushChunks): void {
  const [verb, subject, fields = {}] = control;
  const part = state.open.get(verb === 'close' || verb === 'on' ? subject : fields['n']);
  const { isBegun, isStepOpen } = state;
  trackControl(state, control, n);
  // Writers leave the end of a step to be implied.
  if (isStepOpen && (verb === 'finish' || (verb === 'step' && subject === 'start'))) {
    chunks.add({ type: 'finish-step' });
  }
  switch (verb) {
    case 'message':
      // The reader would begin another message: of a later name only the metadata counts.
      if (!isBegun) addRow(chunks, verb, subject, fields);
      else if (fields['meta'] !== undefined) addRow(chunks, 'meta', fields['meta'], {});
      return;
    case 'open': {
      const opened = state.open.get(n);
      if (opened !== undefined) addRow(chunks, verb, subject, { ...fields, id: opened.id });
      return;
    }
    case 'on':
      if (part === undefined || part.slot !== undefined) return;
      return chunks.add({
        ...deltaChunk(part, ''),
        ...fromFields(fields, { providerMetadata: 'pm' }, UNSHOWN),
      });
    case 'close':
      if (part?.kind === 'text' || part?.kind === 'reasoning') {
        addRow(chunks, verb, part.kind, fields, { id: part.id });
      }
      return;
    case 'call':
    case 'miscall':
      if (typeof subject === 'string') addCall(chunks, control, part);
      return;
    case 'result':
      return addResult(state, chunks, subject, fields);
    case 'ask': {
      const call = findCall(state, fields['tool']);
      if (call === undefined || typeof subject !== 'string') return;
      chunks.completing(call.of);
      return addRow(chunks, verb, subject, fields);
    }
    case 'answer':
      if (findAsked(state, subject) === undefined) return;
      return addRow(chunks, verb, subject, { ...fields, ok: fields['ok'] === true });
    case 'put':
      return subject === 'data' ? addData(chunks, fields) : addRow(chunks, verb, subject, fields);
    case 'raw':
      if (isRaw(subject, fields)) chunks.add(subject);
      return;
    default:
      return addRow(chunks, verb, subject, fields);
  }
}

/** Adds the chunk of a part's text; of a value that grew, the whole value. */
export function addText(state: LogState, chunks: PushChunks, part: OpenPart, text: string): void {
  const { slot } = part;
  if (slot === undefined) chunks.add(deltaChunk(part, text));
  else if (typeof slot.of === 'string') addResult(state, chunks, slot.of, { preliminary: true });
  else chunks.add({ type: `data-${slot.of[0]}`, id: slot.of[1], data: slot.value });
}

function deltaChunk({ kind, id }: OpenPart, text: string): AnyChunk {
  const type = kind === 'input' ? 'tool-input-delta' : kind === 'text' ? 'text-delta' : 'reasoning-delta';
  const row = DELTAS[type];
  return { type, [row.id]: id, [row.delta]: text };
}

/** Adds the chunk that the table has for a control. */
function addRow(
  chunks: PushChunks,
  verb: string,
  subject: unknown,
  fields: JsonObject,
  head: JsonObject = {},
): void {
  const row = rowFor(verb, subject, fields);
  if (row === undefined) return;
  const { type, names } = row;
  const about = row.subject.startsWith('@') && subject !== null ? { [row.subject.slice(1)]: subject } : {};
  chunks.add({ type, ...head, ...about, ...fromFields(fields, names, UNSHOWN) });
}

function addCall(chunks: PushChunks, [verb, id, fields = {}]: Control, part: OpenPart | undefined): void {
  const row = rowFor(verb, id);
  if (row === undefined || typeof id !== 'string') return;
  // What was said when the input was opened isn't said again.
  const said = pick(part?.fields ?? {}, 'name', 'by', 'dynamic', 'x', ...(verb === 'call' ? ['pm'] : []));
  const streamed = parseInput(part?.text, part?.fields['as'] === 'text' ? 'text' : 'json');
  const input = streamed === undefined ? {} : { input: streamed };
  const chunk = {
    type: row.type,
    toolCallId: id,
    toolName: '',
    ...fromFields({ ...said, ...input, ...fields }, row.names, UNSHOWN),
  };
  if (verb === 'call') chunks.call(id, chunk);
  else chunks.add(chunk);
}

function addResult(state: LogState, chunks: PushChunks, id: unknown, fields: JsonObject): void {
  const call = findCall(state, id);
  if (call === undefined) return;
  chunks.settling(call.of);
  const { value } = call;
  const isOutput = value !== undefined && fields['denied'] !== true && !('error' in fields);
  addRow(chunks, 'result', id, isOutput ? { ...fields, output: value } : fields);
}

function addData(chunks: PushChunks, { name, ...fields }: JsonObject): void {
  if (typeof name !== 'string') return;
  // The reducer takes the chunk itself for the part, with all that it has.
  chunks.add({ type: `data-${name}`, ...fromFields(fields, { id: 'id', data: 'data' }, FRAMEWORK) });
}

/** An unknown chunk comes out as it went in; a known one is raw because it had no place. */
function isRaw(chunk: unknown, { of }: JsonObject): chunk is AnyChunk {
  if (of !== FRAMEWORK || !isObject(chunk)) return false;
  const { type } = chunk;
  return typeof type === 'string' && rowOf(type) === undefined && deltaOf(type) === undefined;
}
