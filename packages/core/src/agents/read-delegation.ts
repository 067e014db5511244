import { isObject, type Part } from '@holdfast/codec';
import type { RunId } from '../ids.ts';
import { DELEGATION } from './part-name.ts';

/** Where in an answer its agent asked another one. */
export interface Delegation {
  readonly run: RunId;
  /** Name of the agent that was asked. */
  readonly to: string;
  readonly label?: string;
}

/** What a part of an answer says of a sub-run; undefined for any other part. The sub-run itself is in `runTree`. */
export function readDelegation(part: Part): Delegation | undefined {
  if (part.type !== 'data' || part.name !== DELEGATION || !isObject(part.data)) return undefined;
  const { run, to, label } = part.data;
  if (typeof run !== 'string' || typeof to !== 'string') return undefined;
  return { run: run as string as RunId, to, ...(typeof label === 'string' && { label }) };
}
