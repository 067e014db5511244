import { createRandomId } from '@holdfast/channel';
import type { Draft, JsonValue, Signal } from '@holdfast/channel';
import { isObject } from '@holdfast/codec';
import type { RunId } from '../ids.ts';

/** How far a device is with a call that it was given: said in passing, and stored nowhere. */
export interface ProgressSignal {
  readonly run: RunId;
  readonly callId: string;
  readonly device: string;
  readonly output: JsonValue;
}

const NAME = 'progress';

export function writeProgress({ run, callId, device, output }: ProgressSignal): Draft {
  return { id: createRandomId(), name: NAME, data: { run, callId, device, output } };
}

/** Undefined for any other signal, and for one that is malformed. */
export function readProgress({ name, data }: Signal): ProgressSignal | undefined {
  if (name !== NAME || !isObject(data)) return undefined;
  const { run, callId, device, output } = data;
  if (typeof run !== 'string' || typeof callId !== 'string' || typeof device !== 'string') return undefined;
  return output === undefined ? undefined : { run: run as string as RunId, callId, device, output };
}
