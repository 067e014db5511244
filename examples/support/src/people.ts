import type { Claims } from '@holdfast/channel';

/** Somebody of the demo. Who one is, one chooses there: a sign-in is what your application has instead. */
export interface Person {
  readonly name: string;
  /** What staff does; customers have none. */
  readonly title?: string;
  /** What the token says of them: who is staff, and who may approve refunds, is decided by this alone. */
  readonly claims: Claims;
}

export const PEOPLE: Readonly<Record<string, Person>> = {
  ada: { name: 'Ada', claims: { role: 'participant' } },
  ben: { name: 'Ben', claims: { role: 'participant' } },
  bob: { name: 'Bob', title: 'Customer care', claims: { role: 'staff' } },
  eve: { name: 'Eve', title: 'Accounts', claims: { role: 'staff', refunds: true } },
};

export function isStaff(person: Person | undefined): boolean {
  return person?.claims['role'] === 'staff';
}

/** A customer has one conversation. */
export function sessionOf(customer: string): string {
  return `support-${customer}`;
}

export function customerOf(session: string): string {
  return session.slice('support-'.length);
}

/** The session whose shared state lists all conversations, for staff. */
export const DESK = 'desk';
