import type { Serial } from '@holdfast/channel';
import { compact } from '@holdfast/codec';
import type { FloorRecord } from '../records.ts';
import type { Floor } from '../snapshot.ts';
import { countBelow } from './by-serial.ts';
import type { ClaimEntry, FloorEntry, OriginEntry } from './entry.ts';

/**
 * Who held the floor when, as the loaded records tell it. Holders as outputs say them: `agents`, `agent:` and a name, `person`,
 * `person:` and a clientId.
 */
export interface FloorLine {
  readonly turns: readonly { readonly serial: Serial; readonly holder: string }[];
  readonly holder: string;
  readonly floor: Floor;
  /** Records that their author was not in a position to make, and takes of what a colleague had by then (`late`). */
  readonly refused: readonly (readonly [entry: FloorEntry, code: 'forbidden' | 'late'])[];
}

export const AGENTS = 'agents';
const AGENT = 'agent:';

/**
 * Folds the floor records by serial. Staff may do anything, but what a colleague has is taken only by saying so: of two who
 * take at once the first has it. A holder may release and hand over; so may agents while they have the floor; everyone may
 * ask. Below the first record its own word counts, where it is staff's, and the newest claim's (P25).
 */
export function foldFloor(entries: readonly FloorEntry[], claims: readonly ClaimEntry[]): FloorLine {
  const turns: { readonly serial: Serial; readonly holder: string }[] = [];
  const refused: (readonly [FloorEntry, 'forbidden' | 'late'])[] = [];
  let holder = AGENTS;
  const turn = (serial: Serial, next: string): void => {
    holder = next;
    turns.push({ serial, holder });
  };
  // A participant's word for it may not count.
  const first = entries.find(({ record, role }) => record.act !== 'ask' && role !== 'participant');
  const before = first?.record.act === 'take' ? undefined : first?.record.from;
  // Everything loaded below a release is above the take, where that isn't loaded.
  if (before && first?.role === 'staff') turn('' as Serial, person(before));
  let below = first ? countBelow(claims, first.serial) : claims.length;
  // Nearly every claim says it: this walks no further than to the newest.
  while (below > 0 && !claims[below - 1]?.record?.floor) below -= 1;
  const base = claims[below - 1];
  const said = base?.record?.floor ?? AGENTS;
  if (base && /^(person(:|$)|agent:)/.test(said)) turn(base.serial, said);
  let asked: Floor['asked'];
  let last: FloorRecord | undefined;
  for (const entry of entries) {
    const { record, role, message, serial } = entry;
    const { act, to, as, from, reason } = record;
    const { clientId: by } = message;
    const isOpen = isAgents(holder);
    const isHolder = isOpen
      ? role === 'agent' && (act === 'hand' || holder !== AGENTS)
      : holder === person(by);
    const isTake = act === 'take';
    if (act === 'ask') asked = compact<NonNullable<Floor['asked']>>({ by, reason });
    else if (isHolder || (role === 'staff' && (!isTake || isOpen || holder === person(from)))) {
      asked = undefined;
      const handed = act === 'hand' && to ? (as === 'agent' ? AGENT + to : person(to)) : AGENTS;
      turn(serial, isTake ? person(by) : handed);
    } else {
      refused.push([entry, role === 'staff' ? 'late' : 'forbidden']);
      continue;
    }
    last = record;
  }
  return { turns, holder, refused, floor: compact<Floor>({ holder: readHolder(holder), asked, last }) };
}

/** No person holds it. */
export function isAgents(holder: string): boolean {
  return holder === AGENTS || holder.startsWith(AGENT);
}

/** The one agent that answers, where it was handed to one. */
export function agentOf(holder: string): string | undefined {
  return holder.startsWith(AGENT) ? holder.slice(AGENT.length) : undefined;
}

/** Who held the floor just below a serial. */
export function holderAt({ turns }: FloorLine, serial: Serial): string {
  return turns.findLast((turn) => turn.serial < serial)?.holder ?? AGENTS;
}

/** An answer that a person gives: what the holder of the floor says, or staff meanwhile. */
export function isReply(
  { kind, role, message: { clientId }, serial, outer }: OriginEntry,
  floor: FloorLine,
): boolean {
  const holder = holderAt(floor, serial);
  return (
    kind === 'input' &&
    !isAgents(holder) &&
    outer === undefined &&
    (role === 'staff' || (clientId !== undefined && holder === person(clientId)))
  );
}

function readHolder(holder: string): Floor['holder'] {
  return isAgents(holder)
    ? compact<Extract<Floor['holder'], { kind: 'agents' }>>({ kind: AGENTS, name: agentOf(holder) })
    : compact<Extract<Floor['holder'], { kind: 'person' }>>({
        kind: 'person',
        clientId: holder.slice(7) || undefined,
      });
}

function person(clientId: string | undefined): string {
  return clientId === undefined ? 'person' : `person:${clientId}`;
}
