import type { OriginEntry } from './entry.ts';
import { holderAt } from './floor-line.ts';
import type { FloorLine } from './floor-line.ts';

/** What an agent gives another while it works: it belongs to a run that was claimed already (P22). */
export function isSubTask({ kind, role, record }: OriginEntry): boolean {
  return role === 'agent' && kind === 'input' && record.parentRun !== undefined;
}

/** Something said that asks nobody for an answer: an assistant's own message, or what a person says while holding the floor. */
export function isAside(origin: OriginEntry, floor: FloorLine): boolean {
  const { kind, role, record, message, serial } = origin;
  if (kind !== 'input') return false;
  if (record.message.role === 'assistant') return true;
  const holder = holderAt(floor, serial);
  return (
    holder.kind === 'person' &&
    !isSubTask(origin) &&
    (role === 'staff' || (holder.clientId !== undefined && holder.clientId === message.clientId))
  );
}
