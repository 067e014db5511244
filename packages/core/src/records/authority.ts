import type { Claims } from '@holdfast/channel';
import type { RecordKind, SessionRecord } from '../records.ts';
import type { Role } from '../snapshot.ts';

/** Version of the table below. Two clients of one version agree on what counts (P5). */
export const AUTHORITY_VERSION = 1;

const EVERYONE: readonly Role[] = ['agent', 'staff', 'participant'];
const PEOPLE: readonly Role[] = ['staff', 'participant'];

/** Which roles may publish which record (I16). What depends on the record's fields is in `mayWrite`. */
export const AUTHORITY: { readonly [K in RecordKind]: readonly Role[] } = {
  input: EVERYONE,
  regenerate: PEOPLE,
  output: ['agent'],
  cancel: EVERYONE,
  answer: PEOPLE,
  steer: PEOPLE,
  state: EVERYONE,
  floor: EVERYONE,
};

/** The role that the channel stamped: `claims.role` where it is `agent` or `staff`, else `participant` (P5). */
export function roleOf(claims: Claims | undefined): Role {
  const role = claims?.['role'];
  return role === 'agent' || role === 'staff' ? role : 'participant';
}

/** Whether a role may publish a record of this kind at all: what a gateway can check without reading the record. */
export function mayPublish(role: Role, kind: RecordKind): boolean {
  return AUTHORITY[kind].includes(role);
}

/** Whether records of this kind may be changed after their create, by their creator (P3). */
export function mayChange(role: Role, kind: RecordKind): boolean {
  return kind === 'output' && mayPublish(role, kind);
}

/**
 * Why a role may not publish this record, or undefined where it may. Beyond the table: only agents and staff speak in
 * other roles than `user`, or carry tool calls and reasoning; only staff takes the floor; only agents write checkpoints.
 * What depends on other records (whose run, who holds the floor) is judged by the projection.
 */
export function mayWrite(role: Role, record: SessionRecord): string | undefined {
  const what = forbiddenOf(role, record);
  return what && `a ${role} may not ${what}`;
}

function forbiddenOf(role: Role, record: SessionRecord): string | undefined {
  const { kind } = record;
  if (!mayPublish(role, kind)) return `publish ${kind} records`;
  if (kind === 'floor' && record.act === 'take' && role !== 'staff') return 'take the floor';
  if (kind === 'state' && record.all && role !== 'agent') return 'write checkpoints';
  if ((kind !== 'input' && kind !== 'steer') || role !== 'participant') return undefined;
  const { message } = record;
  if (message.role !== 'user') return `speak as ${message.role}`;
  const reserved = message.parts.find(({ type }) => RESERVED_PARTS.has(type));
  return reserved && `write ${reserved.type} parts`;
}

const RESERVED_PARTS: ReadonlySet<string> = new Set(['tool', 'reasoning', 'steering', 'step']);
