import type { Signal } from '@holdfast/channel';
import type { SessionSignal } from '../records.ts';
import { roleOf } from './authority.ts';
import { anything, anyText, list, shape, text } from './guard.ts';

export const transient = shape({ run: text, codec: anyText, chunks: list(anything) });

/** Transient chunks out of a signal; undefined for any other one, for a malformed one, and for what no agent sent. */
export function readTransient({
  name: kind,
  data,
  claims,
}: Signal): Extract<SessionSignal, { kind: 'transient' }> | undefined {
  if (kind !== 'transient' || roleOf(claims) !== 'agent' || transient(data, 'data') !== undefined)
    return undefined;
  const signal: unknown = data;
  return signal as Extract<SessionSignal, { kind: 'transient' }>;
}
