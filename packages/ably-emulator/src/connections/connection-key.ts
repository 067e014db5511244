import { randomBytes } from 'node:crypto';

/** No colon and no dash: ids of messages are made of it. */
export function createConnectionId(): string {
  return randomBytes(8).toString('hex');
}

/** What a client resumes a connection with: a new one at each connect. */
export function createConnectionKey(connectionId: string): string {
  return `${connectionId}!${randomBytes(8).toString('hex')}`;
}
