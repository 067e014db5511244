import type { Draft, Receipt } from '@holdfast/channel';
import { SessionError } from '../errors.ts';
import type { RecordId } from '../ids.ts';
import type { Refusal } from '../snapshot.ts';
import type { OpenOutbox } from './outbox.ts';
import { createSendQueue } from './send-queue.ts';

/** How long a record is tried while the connection is down. */
const EXPIRY_MS = 60 * 60_000;

/** The outbox that keeps nothing: what is not sent when the page goes is gone. */
export const openTabOutbox: OpenOutbox = ({ log, connection, changed }) => {
  const refusals: Refusal[] = [];
  const queue = createSendQueue({
    channel: log.channel,
    expiryMs: EXPIRY_MS,
    now: () => performance.now(),
    random: Math.random,
  });
  return {
    ...queue,
    refusals,
    async publish(draft: Draft): Promise<Receipt> {
      const { clientId } = connection;
      const withdraw = log.expect(draft, clientId === undefined ? {} : { clientId }, Date.now());
      try {
        return await queue.send(draft);
      } catch (error) {
        withdraw();
        if (error instanceof SessionError && error.code !== 'closed') {
          const { message } = error;
          refusals.push({
            record: draft.id as string as RecordId,
            kind: draft.name,
            code: codeOf(error),
            message,
          });
          changed();
        }
        throw error;
      }
    },
  };
};

/** What the channel said, where it did; it is more precise. */
export function codeOf(error: SessionError): string {
  const { cause } = error;
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string'
    ? cause.code
    : error.code;
}
