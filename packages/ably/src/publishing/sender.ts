import { ChannelError } from '@holdfast/channel';
import type { Operation, Receipt, Serial, Version } from '@holdfast/channel';
import type { Realtime } from 'ably';
import { toPublishError } from '../errors.ts';
import type { Stream } from '../reading/stream.ts';
import { encodeState } from '../wire/message.ts';
import { createAnnotator } from './annotate.ts';
import { createAppender } from './append.ts';
import { createCreator } from './create.ts';
import { createOwned } from './owned.ts';
import type { Sending } from './send-queue.ts';

/** Sends what the queue lets out, and says what became of it. */
export interface Sender {
  send(sending: Sending): Promise<readonly Receipt[]>;
}

export interface SenderOptions {
  readonly client: Realtime;
  readonly stream: Stream;
  /** The largest message as Ably counts it, in bytes. */
  readonly maxBytes: () => number;
}

export function createSender({ client, stream, maxBytes }: SenderOptions): Sender {
  const { ably } = stream;
  const owned = createOwned(client, stream);
  const create = createCreator(client, stream);
  const append = createAppender({ client, ably, owned, maxBytes });
  const annotate = createAnnotator(client, stream, owned);

  const update = async ({ serial, draft }: Extract<Operation, { action: 'update' }>): Promise<Receipt> => {
    const before = await owned.find(serial);
    const { id, name, headers } = before.message;
    const state = encodeState({ id, name, headers, ...draft }, before.print);
    const { versionSerial } = await ably.updateMessage({ serial, ...state });
    const version = versionOf(versionSerial);
    owned.wrote(serial, version, draft.data);
    return { serial, version };
  };

  const remove = async (serial: Serial): Promise<Receipt> => {
    const before = await owned.find(serial, 'deleted');
    const { id, name, version, deleted } = before.message;
    if (deleted === true) return { serial, version };
    const state = encodeState({ id, name, data: '' }, before.print);
    const { versionSerial } = await ably.deleteMessage({ serial, ...state });
    owned.deleted(serial, versionOf(versionSerial));
    return { serial, version: versionOf(versionSerial) };
  };

  const sendOne = (sending: Sending): Promise<readonly Receipt[]> => {
    switch (sending.kind) {
      case 'create':
        return create(sending.operations);
      case 'append':
        return append(sending.operations);
      case 'other':
        return other(sending.operation).then((receipt) => [receipt]);
    }
  };
  const other = (operation: Extract<Sending, { kind: 'other' }>['operation']): Promise<Receipt> => {
    switch (operation.action) {
      case 'update':
        return update(operation);
      case 'delete':
        return remove(operation.serial);
      case 'annotate':
        return annotate(operation);
    }
  };

  return {
    async send(sending) {
      const release = await stream.use();
      try {
        return await sendOne(sending);
      } catch (error) {
        throw toPublishError(error);
      } finally {
        release();
      }
    },
  };
}

/** @throws ChannelError where Ably has swallowed a change that nothing has followed */
export function versionOf(serial: string | null): Version {
  if (serial !== null) return serial as Version;
  throw new ChannelError('unknown_outcome', 'Ably has told no version of the change.');
}
