import { isEqual, isObject, type JsonObject, type JsonValue } from '@holdfast/codec';
import type { StreamChunk } from '@tanstack/ai/client';
import type { AnyEvent } from '../codec/any-event.ts';
import { applyPatch, toPointer, type PatchStep } from './json-patch.ts';

/** A session's shared state. */
export type SharedState = Readonly<Record<string, JsonValue>>;

/** The event that leads a reader from one state to another; undefined where it is there. */
export function toStateEvent(before: SharedState | undefined, state: SharedState): AnyEvent | undefined {
  if (before === state) return undefined;
  if (before === undefined) return { type: 'STATE_SNAPSHOT', snapshot: state };
  const delta = [
    ...Object.keys(before).flatMap((key): PatchStep[] =>
      Object.hasOwn(state, key) ? [] : [{ op: 'remove', path: toPointer(key) }],
    ),
    ...Object.entries(state).flatMap(([key, value]): PatchStep[] => {
      const op = Object.hasOwn(before, key) ? 'replace' : 'add';
      return op === 'replace' && isEqual(before[key], value) ? [] : [{ op, path: toPointer(key), value }];
    }),
  ];
  return delta.length === 0 ? undefined : { type: 'STATE_DELTA', delta };
}

/**
 * A chat's copy of the shared state after an event, for `onChunk`: the state itself for events that are about something else,
 * and for a delta that doesn't fit.
 */
export function foldState(state: SharedState, chunk: StreamChunk): SharedState {
  const { type, snapshot, delta } = chunk as unknown as AnyEvent;
  if (type === 'STATE_SNAPSHOT') return isObject(snapshot as JsonValue) ? (snapshot as JsonObject) : state;
  if (type !== 'STATE_DELTA' || !Array.isArray(delta)) return state;
  const patched = applyPatch(state, delta);
  return isObject(patched) ? patched : state;
}
