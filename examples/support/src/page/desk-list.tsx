import type { JsonValue } from '@holdfast/channel';
import { isObject } from '@holdfast/codec';
import type { Session } from '@holdfast/core';
import { customerOf, PEOPLE } from '../people.ts';
import { useSnapshot } from './use-session.ts';

interface DeskListProps {
  readonly desk: Session;
  readonly chosen: string | undefined;
  readonly onChoose: (session: string) => void;
}

/** What the back end tells of a conversation. */
interface Entry {
  readonly said?: string;
  readonly at?: number;
  readonly approvals?: number;
  readonly holder?: string;
  readonly asked?: string;
}

/** Those who want a person first, then by when something was said. */
export function DeskList({ desk, chosen, onChoose }: DeskListProps) {
  const { state } = useSnapshot(desk);
  const entries = Object.entries(state)
    .map(([session, value]) => ({ session, entry: readEntry(value) }))
    .toSorted((a, b) => urgency(b.entry) - urgency(a.entry) || (b.entry.at ?? 0) - (a.entry.at ?? 0));
  return (
    <ul className="desk">
      {entries.map(({ session, entry }) => (
        <li key={session}>
          <button
            type="button"
            aria-pressed={session === chosen}
            data-asked={entry.asked !== undefined}
            onClick={() => onChoose(session)}
          >
            <b>{PEOPLE[customerOf(session)]?.name ?? session}</b>
            <span className="badge">{standing(entry)}</span>
            <span className="said">{entry.said}</span>
          </button>
        </li>
      ))}
      {entries.length === 0 && <li className="said">Nobody has written yet.</li>}
    </ul>
  );
}

function urgency({ asked, approvals = 0 }: Entry): number {
  return asked !== undefined ? 2 : approvals > 0 ? 1 : 0;
}

function standing({ asked, holder, approvals = 0 }: Entry): string {
  if (asked !== undefined) return 'wants a person';
  if (approvals > 0) return 'to approve';
  return holder === undefined ? 'assistant' : (PEOPLE[holder]?.name ?? holder);
}

function readEntry(value: JsonValue): Entry {
  return isObject(value) ? value : {};
}
