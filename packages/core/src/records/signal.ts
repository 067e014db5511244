import type { Draft, Signal } from '@holdfast/channel';
import { createRandomId } from '@holdfast/channel';
import type { SessionSignal } from '../records.ts';
import { isObject } from '@holdfast/codec';
import { roleOf } from './authority.ts';
import { object, shape, text, wholeFrom } from './guard.ts';
import type { Guard } from './guard.ts';
import { transient } from './transient.ts';

const SIGNALS: { readonly [K in SessionSignal['kind']]: Guard } = {
  beat: shape({ run: text, agent: text, state: object, progress: wholeFrom(0) }),
  transient,
  wake: shape({ run: text }),
};

/** Reads a signal; undefined for one that is malformed, that this version doesn't know, or that only agents may send. */
export function parseSignal({ name, data, claims }: Signal): SessionSignal | undefined {
  if (!isKind(name) || !isObject(data) || SIGNALS[name](data, 'data') !== undefined) return undefined;
  if (name !== 'wake' && roleOf(claims) !== 'agent') return undefined;
  const signal: unknown = { ...data, kind: name };
  return signal as SessionSignal;
}

export function writeSignal({ kind, ...fields }: SessionSignal): Draft {
  return { id: createRandomId(), name: kind, data: { ...fields } };
}

function isKind(name: string): name is SessionSignal['kind'] {
  return Object.hasOwn(SIGNALS, name);
}
