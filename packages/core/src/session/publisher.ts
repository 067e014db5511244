import type { Channels, Draft, Receipt } from '@holdfast/channel';
import { SessionError } from '../errors.ts';
import type { RecordId } from '../ids.ts';
import type { SessionLog } from '../log/session-log.ts';
import { writeFields } from '../records/write.ts';
import type { SessionRecord } from '../records.ts';
import type { Refusal } from '../snapshot.ts';
import type { Outbox } from './outbox.ts';

/** Sends a session's records: shown at once, stored in order, taken away again when they are refused. */
export interface Publisher {
  /** @throws TypeError when the record is malformed; the promise rejects as `Outbox.send` does */
  publish(id: RecordId, record: SessionRecord): Promise<Receipt>;
}

interface PublisherOptions {
  readonly log: SessionLog;
  readonly outbox: Outbox;
  readonly connection: Channels['connection'];
  readonly onRefused: (refusal: Refusal) => void;
}

export function createPublisher({ log, outbox, connection, onRefused }: PublisherOptions): Publisher {
  const store = async (draft: Draft): Promise<Receipt> => {
    const { clientId } = connection;
    const withdraw = log.expect(draft, clientId === undefined ? {} : { clientId }, Date.now());
    try {
      return await outbox.send(draft);
    } catch (error) {
      withdraw();
      if (error instanceof SessionError && error.code !== 'closed') {
        const { message } = error;
        onRefused({ record: draft.id as string as RecordId, kind: draft.name, code: codeOf(error), message });
      }
      throw error;
    }
  };
  return {
    publish(id, record) {
      const stored = store(writeFields(id, record));
      // Whoever doesn't wait for it sees the refusal in the snapshot.
      stored.catch(() => {});
      return stored;
    },
  };
}

/** What the channel said, where it did; it is more precise. */
function codeOf(error: SessionError): string {
  const { cause } = error;
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string'
    ? cause.code
    : error.code;
}
