import type { Claims, JsonValue } from '@holdfast/channel';
import { isEqual, isObject } from '@holdfast/codec';
import type { Role } from '../snapshot.ts';

/** Whose decision counts, as the log says it: one of the people, or of the roles with all of the claims. */
export interface Who {
  readonly roles?: readonly Role[];
  readonly clientIds?: readonly string[];
  /** Values that the stamped claims must have. */
  readonly claims?: Claims;
}

interface Person {
  readonly clientId?: string;
  readonly role: Role;
  readonly claims?: Claims;
}

/** Whether somebody is named. `who` may come from a log. */
export function isNamed(
  who: Who | JsonValue | undefined,
  { clientId = '', role, claims = {} }: Person,
): boolean {
  if (!isObject(who)) return true;
  const { roles, clientIds, claims: wanted } = who;
  if (Array.isArray(clientIds) && clientIds.includes(clientId)) return true;
  if (roles === undefined && wanted === undefined) return false;
  return (
    (roles === undefined || (Array.isArray(roles) && roles.includes(role))) &&
    Object.entries(isObject(wanted) ? wanted : {}).every(([name, value]) => isEqual(claims[name], value))
  );
}

/** Who is named, in words: `staff with refunds: true`. */
export function describeWho(who: Who | JsonValue | undefined): string | undefined {
  if (!isObject(who)) return undefined;
  const { roles, clientIds, claims } = who;
  const names = [roles, clientIds].flatMap((list) => (Array.isArray(list) ? list.map(String) : []));
  const values = Object.entries(isObject(claims) ? claims : {}).map(
    ([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return [names.join(' or ') || 'somebody', values.join(', ')].filter((each) => each !== '').join(' with ');
}
