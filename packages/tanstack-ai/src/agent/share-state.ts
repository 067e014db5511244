import { isEqual, isObject, type JsonValue, toPlain } from '@holdfast/codec';
import type { AgentRun } from '@holdfast/core';
import type { StreamChunk } from '@tanstack/ai/client';
import type { AnyEvent } from '../codec/any-event.ts';
import { applyPatch } from '../state/json-patch.ts';

type SharingRun = Pick<AgentRun<never, unknown>, 'sharedState' | 'setState'>;

/**
 * A stream's events without those that say its state: these become the session's shared state, key by key and in order, where
 * everybody has it. A `STATE_SNAPSHOT` sets what it says otherwise than before, and deletes keys that this stream has set and no
 * longer names; keys of others stay. A `STATE_DELTA` changes the shared state as it stands; one that doesn't fit changes nothing, and
 * stays in the answer's log.
 *
 * @throws SessionError `too_large` for a value that doesn't fit into one message of the channel
 */
export async function* shareState(
  run: SharingRun,
  events: AsyncIterable<StreamChunk>,
): AsyncGenerator<StreamChunk> {
  /** What this stream has said of each key. */
  const said = new Map<string, JsonValue>();
  for await (const chunk of events) {
    const isOfState = chunk?.type === 'STATE_SNAPSHOT' || chunk?.type === 'STATE_DELTA';
    if (!isOfState) {
      yield chunk;
      continue;
    }
    const { type, snapshot, delta } = toPlain(chunk) as unknown as AnyEvent;
    if (type === 'STATE_SNAPSHOT' && isObject(snapshot)) await setAll(run, said, snapshot);
    else if (!Array.isArray(delta) || !(await change(run, said, delta))) {
      console.warn(`holdfast: a ${type} that fits no state`);
      yield chunk;
    }
  }
}

async function setAll(
  run: SharingRun,
  said: Map<string, JsonValue>,
  state: Readonly<Record<string, JsonValue>>,
): Promise<void> {
  for (const key of said.keys())
    if (!Object.hasOwn(state, key)) {
      said.delete(key);
      if (Object.hasOwn(run.sharedState, key)) await run.setState(key, undefined);
    }
  for (const [key, value] of Object.entries(state)) {
    // What it only repeats is not news: somebody else may have changed it meanwhile.
    const known = said.has(key) ? said.get(key) : run.sharedState[key];
    said.set(key, value);
    if (!isEqual(known, value)) await run.setState(key, value);
  }
}

async function change(
  run: SharingRun,
  said: Map<string, JsonValue>,
  delta: readonly unknown[],
): Promise<boolean> {
  const before = run.sharedState;
  const after = applyPatch(before, delta);
  if (!isObject(after)) return false;
  for (const key of Object.keys(before))
    if (!Object.hasOwn(after, key)) {
      said.delete(key);
      await run.setState(key, undefined);
    }
  for (const [key, value] of Object.entries(after)) {
    if (Object.hasOwn(before, key) && isEqual(before[key], value)) continue;
    said.set(key, value);
    await run.setState(key, value);
  }
  return true;
}
