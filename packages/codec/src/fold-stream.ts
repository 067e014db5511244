import { asNumber, asText, compact, mergeX } from './fields.ts';
import {
  findCall,
  findCallInStep,
  findData,
  partOf,
  put,
  stepStart,
  toolAt,
  type FoldState,
} from './fold-state.ts';
import { openCall } from './fold-tool.ts';
import { toPath, type Path } from './growth.ts';
import type { JsonObject } from './json.ts';
import type { Part } from './part.ts';

/** An `open`: a new streamed part, or a string inside a result or a data part that goes on growing. */
export function openPart(state: FoldState, kind: unknown, fields: JsonObject, n: number): void {
  const { pm, of, x } = fields;
  const id = asText(fields['id']);
  const grows = (index: number, ...at: Path): void => {
    if (index >= 0) state.streams.set(n, { index, at, more: '' });
  };
  if (kind === 'text' || kind === 'reasoning') {
    const streamed = { type: kind, n, text: '', state: 'streaming', pm, x: mergeX(undefined, x) };
    const own = kind === 'text' ? { as: asText(fields['as']) } : { id };
    grows(put(state, compact<Part>({ ...streamed, ...own } as Part)), 'text');
  } else if (kind === 'input' && id !== undefined) {
    const index = findCallInStep(state, id, fields['dynamic'] === true);
    grows(put(state, openCall(toolAt(state, index), id, fields, n), index), 'inputText');
  } else if (kind === 'value') {
    const path = toPath(fields['at']);
    if (!path) return;
    if (Array.isArray(of)) grows(findData(state, of[0], of[1]), 'data', ...path);
    else grows(findCall(state, of), 'output', ...path);
  }
}

/** An `on` or a `close`: what came about an open part beside its text. */
export function describePart(state: FoldState, n: unknown, fields: JsonObject, isClosed: boolean): void {
  const stream = state.streams.get(n);
  const part = stream && partOf(state, stream);
  if (!part) return;
  if (isClosed) state.streams.delete(n);
  const { type } = part;
  const { pm = part.pm, citations } = fields;
  if (isClosed && type !== 'text' && type !== 'reasoning') return;
  const length = asNumber(fields['length']);
  const described = compact<Part>({ ...part, pm, length, x: mergeX(part.x, fields['x']) } as Part);
  const cited = isClosed && type === 'text' && (citations ?? null) !== null ? { citations } : {};
  put(state, { ...(isClosed ? done(described) : described), ...cited } as Part, stream.index);
}

function done(part: Part): Part {
  return (part.type === 'text' || part.type === 'reasoning') && part.state === 'streaming'
    ? { ...part, state: 'done' }
    : part;
}

/** Where the text of part `n` is: in one more message beside the session, or here after all. */
export function threadPart(state: FoldState, n: unknown, { id, text }: JsonObject): void {
  const index = state.parts.findIndex((part) => part.n === n);
  const part = state.parts[index];
  if (part?.type !== 'reasoning') return;
  const { thread = [], length: _, ...own } = part;
  if (typeof text === 'string') put(state, { ...own, text: own.text + text }, index);
  else put(state, { ...part, thread: [...thread, asText(id) ?? ''] }, index);
}

/** Nothing goes on: every part that still streams is done. */
export function closeAll(state: FoldState): void {
  state.streams.clear();
  for (const [index, part] of state.parts.entries()) put(state, done(part), index);
}

/** Takes back all parts of the current step, but for what was told beside them. Nothing that was open can go on. */
export function resetStep(state: FoldState): void {
  state.streams.clear();
  const gone = state.parts.splice(stepStart(state));
  state.parts.push(...gone.filter(({ type }) => type === 'error' || type === 'raw'));
  state.isChanged = true;
}
