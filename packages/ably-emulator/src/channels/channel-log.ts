import { isChannelError, type Message, type Operation, type Receipt, type Serial } from '@holdfast/channel';
import type { Engine, Publisher } from '@holdfast/channel/engine';
import { demand } from '../auth/capability.ts';
import { speakFor, userClaimFor } from '../auth/identity.ts';
import { toAnnotationDraft } from '../protocol/annotation.ts';
import { fromHeaders } from '../protocol/content.ts';
import { refusal } from '../protocol/errors.ts';
import type { InboundAnnotation, InboundMessage } from '../protocol/frames.ts';
import { fromMessageSerial, toMessageSerial } from '../protocol/serials.ts';
import { change, isPlainAppend, type Change } from './changing.ts';
import { findById, toDraft, type Creation } from './creating.ts';
import { checkSize } from './limits.ts';
import { createLock } from './lock.ts';
import { creatorOf, demandChange, ownerOf, type Sender } from './publisher.ts';
import { createVersionLog } from './version-log.ts';

export interface ChannelLogOptions {
  readonly engine: Engine;
  /** The channel's name in the engine, where apps lie beside each other. */
  readonly key: string;
  readonly name: string;
  readonly isMutable: boolean;
  /** Of the serials that are issued now. */
  readonly series: string;
  readonly messageBytes: number;
}

/** What clients do to one channel's messages, one thing at a time. Serials are Ably's throughout. */
export interface ChannelLog {
  readonly name: string;
  /** Which connection's operation takes effect at the moment. */
  readonly acting: string | undefined;
  create(sender: Sender, messages: readonly Creation[]): Promise<readonly string[]>;
  /** Returns the serial of the new version. */
  change(sender: Sender, serial: string, requested: Change): Promise<string>;
  annotate(sender: Sender, id: string, annotation: InboundAnnotation): Promise<string>;
  message(serial: string): Promise<Message>;
  versions(serial: string): Promise<readonly Message[]>;
}

export function createChannelLog(options: ChannelLogOptions): ChannelLog {
  const { engine, key, name, isMutable, series, messageBytes } = options;
  const lock = createLock();
  const log = createVersionLog();
  let acting: string | undefined;

  /** Commits for a sender; refuses what the engine refuses. */
  const commit = async (
    sender: Sender,
    publisher: Publisher,
    operations: readonly Operation[],
  ): Promise<readonly Receipt[]> => {
    acting = sender.connectionId;
    try {
      const outcomes = await engine.commit(key, publisher, operations);
      return outcomes.map((outcome) => {
        if (!outcome.ok) throw outcome.error;
        return outcome.receipt;
      });
    } finally {
      acting = undefined;
    }
  };

  const find = async (serial: string): Promise<Message> => {
    const own = fromMessageSerial(serial);
    const message = own === undefined ? undefined : await engine.message(key, own);
    return message ?? missing(serial);
  };

  const serialOf = async (serial: Serial): Promise<string> => {
    const message = await engine.message(key, serial);
    return toMessageSerial(serial, (message && fromHeaders(message.headers).series) ?? series);
  };

  const createStored = async (sender: Sender, messages: readonly Creation[]): Promise<readonly string[]> => {
    const drafts = messages.map((message) => toDraft(sender, message, options));
    const publisher = creatorOf(sender, messages[0]?.clientId, name);
    const operations = drafts.map((draft): Operation => ({ action: 'create', draft }));
    try {
      const receipts = await commit(sender, publisher, operations);
      return await Promise.all(receipts.map(({ serial }) => serialOf(serial)));
    } catch (error) {
      if (!isChannelError(error) || error.code !== 'conflict') throw error;
      const found = await Promise.all(drafts.map(({ id }) => findById(engine, key, id)));
      return Promise.all(found.map(({ serial }) => serialOf(serial)));
    }
  };

  const signal = async (sender: Sender, message: Creation): Promise<void> => {
    const draft = toDraft(sender, message, options);
    acting = sender.connectionId;
    await engine.signal(key, creatorOf(sender, message.clientId, name), draft);
    acting = undefined;
  };

  const demandMutable = (): void => {
    if (isMutable) return;
    throw refusal('immutable', `Messages of ${name} are not mutable: no rule of its namespace says so.`);
  };

  return {
    name,
    get acting() {
      return acting;
    },
    create: (sender, messages) =>
      lock(async () => {
        demand(sender.identity.capability, name, 'publish');
        checkOneAuthor(messages);
        if (!messages.every(isEphemeral)) return createStored(sender, messages);
        for (const message of messages) await signal(sender, message);
        return [];
      }),
    change: (sender, serial, requested) =>
      lock(async () => {
        demandMutable();
        const before = await find(serial);
        demandChange(sender, name, before, requested.kind === 'delete' ? 'delete' : 'update');
        const operation = change(before, requested);
        checkSize(operation.bytes, messageBytes);
        const [receipt] = await commit(sender, ownerOf(before), [operation.operation]);
        log.changed(before, isPlainAppend(operation.operation) ? 'append' : 'rewrite');
        return toMessageSerial(receipt?.version ?? before.version, series);
      }),
    annotate: (sender, id, annotation) =>
      lock(async () => {
        demandMutable();
        demand(sender.identity.capability, name, 'annotation-publish');
        const { serial } = await find(annotation.messageSerial ?? '');
        const clientId = speakFor(sender.identity, annotation.clientId);
        const { connectionId } = sender;
        const userClaim = userClaimFor(sender.identity, name);
        const draft = toAnnotationDraft(annotation, { id, clientId, connectionId, userClaim });
        const annotator = { connectionId: '', ...(clientId !== undefined && { clientId }) };
        try {
          const [receipt] = await commit(sender, annotator, [
            { action: 'annotate', serial, annotation: draft },
          ]);
          return receipt === undefined ? '' : toMessageSerial(receipt.version, series);
        } catch (error) {
          // An id that was used before: the first one stands.
          if (isChannelError(error) && error.code === 'conflict') return '';
          throw error;
        }
      }),
    message: find,
    async versions(serial) {
      const latest = await find(serial);
      return [...log.of(latest.serial), latest];
    },
  };
}

function missing(serial: string): never {
  throw refusal('notFound', `No message has the serial ${JSON.stringify(serial)}.`);
}

function isEphemeral({ extras }: InboundMessage): boolean {
  return extras?.['ephemeral'] === true;
}

/** One commit has one author. */
function checkOneAuthor(messages: readonly InboundMessage[]): void {
  if (messages.some(({ clientId }) => (clientId ?? undefined) !== (messages[0]?.clientId ?? undefined)))
    throw refusal('badRequest', 'Messages that are published together are by one client.');
}
