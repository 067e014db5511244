import { createRandomId } from '@holdfast/channel';
import type { Channel, Claims, JsonValue, Message, Receipt, Serial } from '@holdfast/channel';
import { compact, isObject, type Part } from '@holdfast/codec';
import { SessionError } from '../errors.ts';
import type { MessageId } from '../ids.ts';
import { publishOne } from '../log/publish-one.ts';
import { roleOf } from '../records/authority.ts';
import type { Role } from '../snapshot.ts';

/** What the staff of a session, people and agents, tell each other: never seen by its participants. */
export interface Note {
  readonly id: string;
  readonly parts: readonly Part[];
  /** The message of the session that it is about. */
  readonly about?: MessageId;
  readonly author: { readonly clientId?: string; readonly claims?: Claims; readonly role: Role };
  /** Milliseconds since 1970, by the channel's clock. */
  readonly timestamp: number;
  readonly serial: Serial;
}

export interface OutgoingNote {
  /** Default: random. What is written twice under one id counts once. */
  readonly id?: string;
  readonly parts: readonly Part[];
  readonly about?: MessageId;
}

/** The name of a note's message. */
const NOTE = 'note';

/**
 * The channel of a session's notes. It lies outside of what participants may see, which is the session itself and
 * `<session>:open:*` (P32): tokens of staff and agents name it beside these.
 */
export function staffLane(session: string): string {
  return `${session}:staff`;
}

/** @throws SessionError `invalid` for a note without parts */
export async function writeNote(
  channel: Channel,
  { id = createRandomId(), parts, about }: OutgoingNote,
): Promise<Receipt> {
  if (parts.length === 0) throw new SessionError('invalid', 'A note needs parts.');
  const data = compact<{ parts: JsonValue; about?: string }>({ parts: parts as unknown as JsonValue, about });
  return publishOne(channel, { action: 'create', draft: { id, name: NOTE, data } });
}

/** Reads a message of the lane; undefined for what is no note, or none any more. */
export function readNote({
  id,
  name,
  data,
  serial,
  timestamp,
  clientId,
  claims,
  deleted,
}: Message): Note | undefined {
  if (name !== NOTE || deleted || !isObject(data) || !Array.isArray(data['parts'])) return undefined;
  const parts = (data['parts'] as readonly JsonValue[]).filter(isPart);
  const { about } = data;
  return {
    id,
    serial,
    timestamp,
    parts,
    author: compact<Note['author']>({ clientId, claims, role: roleOf(claims) }),
    ...(typeof about === 'string' && { about: about as string as MessageId }),
  };
}

function isPart(value: JsonValue): value is JsonValue & Part {
  return isObject(value) && typeof value['type'] === 'string';
}
