import type { Message } from '@holdfast/channel';
import { createLogReader, RS, type ReasoningPart } from '@holdfast/codec';
import type { RunId } from '../ids.ts';
import { roleOf } from '../records/authority.ts';

/** The name of a message that has reasoning. */
export const REASONING = 'reasoning';

/**
 * The channel that the threaded reasoning of one response is on. It lies in what participants may see (P32), and nobody receives
 * it who doesn't ask for it.
 */
export function reasoningLane(session: string, run: RunId): string {
  // Ids that an application gave may have characters which names of channels leave to patterns.
  return `${session}:open:${encodeURIComponent(run).replaceAll('*', '%2A')}`;
}

/** What a message of that channel says; undefined for one that no agent wrote: participants may publish there, too. */
export function readThread({ name, data, claims, deleted }: Message): string | undefined {
  if (name !== REASONING || deleted || typeof data !== 'string' || roleOf(claims) !== 'agent')
    return undefined;
  if (!data.includes(RS)) return data;
  let said = '';
  createLogReader({ text: (_, text) => void (said += text), control() {} }).push(data);
  return said;
}

/** The text of a part with that of its thread; undefined where something of that is missing. */
export function joinThread(
  { text, thread = [], length }: ReasoningPart,
  said: ReadonlyMap<string, string>,
): string | undefined {
  const joined = thread.map((id) => said.get(id) ?? '').join('') + text;
  const isThere = thread.every((id) => said.has(id)) && (length === undefined || joined.length === length);
  return isThere ? joined : undefined;
}
