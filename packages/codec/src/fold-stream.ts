import { asText, compact, mergeX } from './fields.ts';
import {
  addPart,
  beginInput,
  findCall,
  findCallInStep,
  findData,
  putTool,
  setPart,
  stepStart,
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
    grows(addPart(state, compact<Part>({ ...streamed, ...own } as Part)), 'text');
  } else if (kind === 'input' && id !== undefined) {
    const index = findCallInStep(state, id, fields['dynamic'] === true);
    grows(
      putTool(state, index, (part) => openCall(part, id, fields, n)),
      'inputText',
    );
  } else if (kind === 'value') {
    const path = toPath(fields['at']);
    if (!path) return;
    if (Array.isArray(of)) grows(findData(state, of[0], of[1]), 'data', ...path);
    else grows(findCall(state, of), 'output', ...path);
  }
}

/** What came about an open part beside its text. */
export function describePart(state: FoldState, n: unknown, fields: JsonObject): void {
  const stream = state.streams.get(n);
  if (!stream) return;
  beginInput(state, stream);
  setPart(state, stream.index, (part) => described(part, fields));
}

export function closePart(state: FoldState, n: unknown, fields: JsonObject): void {
  const stream = state.streams.get(n);
  if (!stream) return;
  state.streams.delete(n);
  const { citations } = fields;
  setPart(state, stream.index, (part) => {
    if (part.type !== 'text' && part.type !== 'reasoning') return part;
    const cited = part.type === 'text' && (citations ?? null) !== null ? { citations } : {};
    return { ...described(done(part), fields), ...cited } as Part;
  });
}

function described(part: Part, { pm, x }: JsonObject): Part {
  return compact<Part>({ ...part, pm: pm ?? part.pm, x: mergeX(part.x, x) } as Part);
}

function done(part: Part): Part {
  return (part.type === 'text' || part.type === 'reasoning') && part.state === 'streaming'
    ? { ...part, state: 'done' }
    : part;
}

/** Nothing goes on: every part that still streams is done. */
export function closeAll(state: FoldState): void {
  state.streams.clear();
  for (const index of state.parts.keys()) setPart(state, index, done);
}

/** Takes back all parts of the current step, but for what was told beside them. Nothing that was open can go on. */
export function resetStep(state: FoldState): void {
  state.streams.clear();
  const gone = state.parts.splice(stepStart(state));
  state.parts.push(...gone.filter(({ type }) => type === 'error' || type === 'raw'));
  state.areNewParts = true;
}
