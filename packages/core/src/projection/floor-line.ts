import type { Serial } from '@holdfast/channel';
import { compact } from '@holdfast/codec';
import type { FloorRecord } from '../records.ts';
import type { Floor } from '../snapshot.ts';
import { countBelow } from './by-serial.ts';
import type { ClaimEntry, FloorEntry, OriginEntry } from './entry.ts';

/** Who held the floor when, as the loaded records tell it. Holders as outputs say them: `agents`, `person`, `person:` and a clientId. */
export interface FloorLine {
  readonly turns: readonly { readonly serial: Serial; readonly holder: string }[];
  readonly holder: string;
  readonly floor: Floor;
  /** Records that their author was not in a position to make. */
  readonly refused: readonly FloorEntry[];
}

export const AGENTS = 'agents';

/**
 * Folds the floor records by serial. Staff may do anything; a holder may release and hand over; agents may hand over to a
 * person while they have the floor; everyone may ask. Below the first record, the newest claim's word counts (P25).
 */
export function foldFloor(entries: readonly FloorEntry[], claims: readonly ClaimEntry[]): FloorLine {
  const turns: { readonly serial: Serial; readonly holder: string }[] = [];
  const refused: FloorEntry[] = [];
  let holder = AGENTS;
  const turn = (serial: Serial, next: string): void => {
    holder = next;
    turns.push({ serial, holder });
  };
  const first = entries.find(({ record }) => record.act !== 'ask');
  let below = first ? countBelow(claims, first.serial) : claims.length;
  // Nearly every claim says it: this walks no further than to the newest.
  while (below > 0 && !claims[below - 1]?.record?.floor) below -= 1;
  const base = claims[below - 1];
  const said = base?.record?.floor ?? AGENTS;
  if (base && /^person(:|$)/.test(said)) turn(base.serial, said);
  let asked: Floor['asked'];
  let last: FloorRecord | undefined;
  for (const entry of entries) {
    const { record, role, message, serial } = entry;
    const { act, to, as, reason } = record;
    const { clientId: by } = message;
    const isHolder = holder === AGENTS ? role === 'agent' && act === 'hand' : holder === person(by);
    if (act === 'ask') asked = compact<NonNullable<Floor['asked']>>({ by, reason });
    else if (isHolder || role === 'staff') {
      asked = undefined;
      turn(
        serial,
        act === 'take' ? person(by) : act === 'hand' && to && as !== 'agent' ? person(to) : AGENTS,
      );
    } else {
      refused.push(entry);
      continue;
    }
    last = record;
  }
  return { turns, holder, refused, floor: compact<Floor>({ holder: readHolder(holder), asked, last }) };
}

/** Who held the floor just below a serial. */
export function holderAt({ turns }: FloorLine, serial: Serial): string {
  return turns.findLast((turn) => turn.serial < serial)?.holder ?? AGENTS;
}

/** Something said that asks nobody for an answer: an assistant's own message, or what a person says while holding the floor. */
export function isAside(
  { kind, role, record, message: { clientId }, serial, outer }: OriginEntry,
  floor: FloorLine,
): boolean {
  const holder = holderAt(floor, serial);
  const isHolders =
    holder !== AGENTS &&
    outer === undefined &&
    (role === 'staff' || (clientId !== undefined && holder === person(clientId)));
  return kind === 'input' && (isHolders || record.message?.role === 'assistant');
}

function readHolder(holder: string): Floor['holder'] {
  return holder === AGENTS
    ? { kind: AGENTS }
    : compact<Extract<Floor['holder'], { kind: 'person' }>>({
        kind: 'person',
        clientId: holder.slice(7) || undefined,
      });
}

function person(clientId: string | undefined): string {
  return clientId === undefined ? 'person' : `person:${clientId}`;
}
