import type { Serial } from '@holdfast/channel';
import { compact } from '@holdfast/codec';
import type { FloorRecord } from '../records.ts';
import type { Floor } from '../snapshot.ts';
import { countBelow } from './by-serial.ts';
import type { ClaimEntry, FloorEntry, OriginEntry } from './entry.ts';

type Holder = Floor['holder'];

const AGENTS: Holder = { kind: 'agents' };

interface Turn {
  readonly serial: Serial;
  readonly holder: Holder;
}

/** Who held the floor when, as the loaded records tell it. */
export interface FloorLine {
  /** Where it went to somebody else. */
  readonly turns: readonly Turn[];
  readonly floor: Floor;
  /** Records that their author was not in a position to make. */
  readonly refused: readonly FloorEntry[];
}

/**
 * Folds the floor records by serial. Staff may do anything; a holder may release and hand over; agents may hand over to a
 * person while they have the floor; everyone may ask. Below the first record, the newest claim's word counts (P25).
 */
export function foldFloor(entries: readonly FloorEntry[], claims: readonly ClaimEntry[]): FloorLine {
  const turns: Turn[] = [];
  const refused: FloorEntry[] = [];
  let holder = AGENTS;
  const turn = (serial: Serial, next: Holder): void => {
    if (writeHolder(next) !== writeHolder(holder)) turns.push({ serial, holder: next });
    holder = next;
  };
  const first = entries.find(({ record }) => record.act !== 'ask');
  let below = first ? countBelow(claims, first.serial) : claims.length;
  // Nearly every claim says it: this walks no further than to the newest.
  while (below > 0 && claims[below - 1]?.record?.floor === undefined) below -= 1;
  const base = claims[below - 1];
  if (base) turn(base.serial, readHolder(base.record?.floor));
  let asked: Floor['asked'];
  let last: FloorRecord | undefined;
  for (const entry of entries) {
    const { record, message, serial } = entry;
    if (!mayTurn(entry, holder)) {
      refused.push(entry);
      continue;
    }
    last = record;
    if (record.act !== 'ask') turn(serial, holderAfter(entry));
    asked =
      record.act === 'ask'
        ? compact<NonNullable<Floor['asked']>>({ by: message.clientId, reason: record.reason })
        : undefined;
  }
  return { turns, refused, floor: compact<Floor>({ holder, asked, last }) };
}

/** Who held the floor just below a serial. */
export function holderAt({ turns }: FloorLine, serial: Serial): Holder {
  return turns.findLast((turn) => turn.serial < serial)?.holder ?? AGENTS;
}

/** Something said that asks nobody for an answer: an assistant's own message, or what a person says while holding the floor. */
export function isAside(
  { kind, role, record, message, serial, outer }: OriginEntry,
  floor: FloorLine,
): boolean {
  if (kind !== 'input') return false;
  if (record.message?.role === 'assistant') return true;
  const holder = holderAt(floor, serial);
  return (
    holder.kind === 'person' &&
    outer === undefined &&
    (role === 'staff' || (holder.clientId !== undefined && holder.clientId === message.clientId))
  );
}

/** A holder as an output's `floor` header says it. */
export function writeHolder(holder: Holder): string {
  if (holder.kind === 'agents') return 'agents';
  return holder.clientId === undefined ? 'person' : `person:${holder.clientId}`;
}

function readHolder(value = ''): Holder {
  const [kind, ...clientId] = value.split(':');
  return kind === 'person' ? person(clientId.join(':') || undefined) : AGENTS;
}

function mayTurn({ record: { act }, role, message }: FloorEntry, holder: Holder): boolean {
  if (act === 'ask' || role === 'staff') return true;
  return holder.kind === 'person' ? holder.clientId === message.clientId : role === 'agent' && act === 'hand';
}

function holderAfter({ record: { act, to, as }, message }: FloorEntry): Holder {
  if (act === 'take') return person(message.clientId);
  return act !== 'hand' || to === undefined || as === 'agent' ? AGENTS : person(to);
}

function person(clientId: string | undefined): Holder {
  return compact<Extract<Holder, { kind: 'person' }>>({ kind: 'person', clientId });
}
