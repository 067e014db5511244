import { DOWN, UP, type DownFrame, type UpFrame } from './frames.ts';
import { BadField, readTuple } from './read.ts';
import type { Tuple } from './shape.ts';

/** A frame, or what is wrong with it. `id` is the request that it seems to have been. */
export type Parsed<Frame> =
  | { readonly ok: true; readonly frame: Frame }
  | { readonly ok: false; readonly path: string; readonly message: string; readonly id?: number };

/** Reads what a client sent. Never throws. */
export function parseUp(text: string): Parsed<UpFrame> {
  return parse(UP, text);
}

/** Reads what a gateway sent. Never throws. */
export function parseDown(text: string): Parsed<DownFrame> {
  return parse(DOWN, text);
}

export function encodeFrame(frame: UpFrame | DownFrame): string {
  return JSON.stringify(frame);
}

function parse<Frame>(table: Readonly<Record<string, Tuple>>, text: string): Parsed<Frame> {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    return { ok: false, path: 'frame', message: 'must be JSON' };
  }
  if (!Array.isArray(list)) return { ok: false, path: 'frame', message: 'must be a list' };
  const [verb, ...values] = list as readonly unknown[];
  const tuple = typeof verb === 'string' && Object.hasOwn(table, verb) ? table[verb] : undefined;
  if (typeof verb !== 'string' || tuple === undefined)
    return { ok: false, path: 'frame[0]', message: `must be one of ${Object.keys(table).join(', ')}` };
  try {
    const frame: unknown = [verb, ...readTuple(tuple, values, verb)];
    // The table has a shape for every element of this verb, so what passed it is one of its frames.
    return { ok: true, frame: frame as Frame };
  } catch (error) {
    if (!(error instanceof BadField)) throw error;
    const { path, message } = error;
    const [id] = values;
    const isRequest = tuple[0] === 'count' && tuple.length > 1 && Number.isSafeInteger(id);
    return isRequest ? { ok: false, path, message, id: Number(id) } : { ok: false, path, message };
  }
}
