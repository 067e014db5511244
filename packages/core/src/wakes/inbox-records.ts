import { createRandomId } from '@holdfast/channel';
import type { Draft, Message, Serial, Signal } from '@holdfast/channel';
import { isObject } from '@holdfast/codec';
import type { RecordId } from '../ids.ts';
import { roleOf } from '../records/authority.ts';

/** A hint that there may be something to do in a session (P15). Anybody's counts: a worker looks, and goes by what it sees. */
export interface Wake {
  readonly session: string;
  /** The record that gives something to do. The wake is stored first: the record may be still to come. */
  readonly record: RecordId;
  /** Said by an agent's process that leaves a run, which this record asked for, to others. */
  readonly left: boolean;
  /** Said by an agent's process: not before this time, in milliseconds since 1970. */
  readonly notBefore?: number;
  readonly serial: Serial;
}

/** An agent's word that nothing is left to do of what a session was woken for. */
export interface Settled {
  readonly session: string;
  /** Wakes up to this serial are settled. */
  readonly upTo: Serial;
  /** A reader needs nothing of the inbox from before this serial. */
  readonly from: Serial;
}

export type InboxRecord =
  ({ readonly kind: 'wake' } & Wake) | ({ readonly kind: 'settled'; readonly serial: Serial } & Settled);

/** Characters that names of sessions, and of agents with an inbox, leave to patterns and other channels (P32). */
const RESERVED = /[:*[\p{Cc}]/u;

/**
 * The channel on which an agent's workers are told what there is to do.
 *
 * @throws TypeError for a name that is empty, or has `:`, `*`, `[` or control characters
 */
export function inboxOf(agent: string): string {
  if (agent === '' || RESERVED.test(agent))
    throw new TypeError(
      `An agent with an inbox needs a name without :, *, [ and control characters: ${JSON.stringify(agent)}`,
    );
  return `inbox:${agent}`;
}

/** Whether a channel can be a session's, by its name. */
export function isSessionName(name: string): boolean {
  return name !== '' && !RESERVED.test(name);
}

export function writeWake({
  session,
  record,
  left,
  notBefore,
}: Pick<Wake, 'session' | 'record' | 'left' | 'notBefore'>): Draft {
  const data = { session, record, ...(left && { left }), ...(notBefore !== undefined && { notBefore }) };
  return { id: createRandomId(), name: 'wake', data };
}

export function writeSettled({ session, upTo, from }: Settled): Draft {
  return { id: createRandomId(), name: 'settled', data: { session, upTo, from } };
}

/** Reads a message of an inbox; undefined for what is none, and for what only agents may say. */
export function readInboxRecord({ name, data, claims, serial }: Message): InboxRecord | undefined {
  if (!isObject(data)) return undefined;
  const { session, record, upTo, from, left, notBefore } = data;
  if (typeof session !== 'string' || !isSessionName(session)) return undefined;
  const isAgents = roleOf(claims) === 'agent';
  if (name === 'wake' && typeof record === 'string')
    return {
      kind: 'wake',
      session,
      record: record as string as RecordId,
      left: isAgents && left === true,
      ...(isAgents && typeof notBefore === 'number' && { notBefore }),
      serial,
    };
  if (name === 'settled' && isAgents && typeof upTo === 'string' && typeof from === 'string')
    return {
      kind: 'settled',
      session,
      serial,
      upTo: upTo as string as Serial,
      from: from as string as Serial,
    };
  return undefined;
}

/** The sessions that a worker is at: an ephemeral sign of life. */
export interface Busy {
  readonly worker: string;
  readonly sessions: readonly string[];
}

export function writeBusy({ worker, sessions }: Busy): Draft {
  return { id: createRandomId(), name: 'busy', data: { worker, sessions } };
}

/** Only agents' workers are believed. */
export function readBusy({ name, data, claims }: Signal): Busy | undefined {
  if (name !== 'busy' || !isObject(data) || roleOf(claims) !== 'agent') return undefined;
  const { worker, sessions } = data;
  if (typeof worker !== 'string' || !Array.isArray(sessions)) return undefined;
  return { worker, sessions: sessions.filter((each) => typeof each === 'string') };
}
