import { ChannelError } from '@holdfast/channel';
import type { CreateOperation, Draft, Receipt, Version } from '@holdfast/channel';
import type { Realtime } from 'ably';
import type { Stream } from '../reading/stream.ts';
import { decodeMessage, encodeDraft, encodeId, type Stored } from '../wire/message.ts';
import { hash, printOf } from '../wire/print.ts';
import { ownClientId } from './owned.ts';
import { readRecent } from './recent.ts';

type Create = (operations: readonly CreateOperation[]) => Promise<readonly Receipt[]>;

/**
 * Creates, each once by its id. Ably answers a repeated id with the serial of the first message, whoever wrote it and
 * whatever it says: so what is stored is compared, when it comes back or by reading it.
 */
export function createCreator(client: Realtime, stream: Stream): Create {
  const { ably, view } = stream;

  const receiptOf = ({ message, print }: Stored, draft: Draft): Receipt => {
    if (print !== printOf(draft) || (message.clientId ?? null) !== ownClientId(client))
      throw new ChannelError(
        'conflict',
        `The id ${JSON.stringify(draft.id)} was used for another message. Ids are for one message each.`,
      );
    return { serial: message.serial, version: message.version };
  };

  /** The message that is stored under a serial: as it comes back, or read where it has passed already. */
  const stored = async (serial: string): Promise<Stored> => {
    for (;;) {
      const told = view.get(serial);
      if (told !== undefined) return told;
      const willCome = ably.state === 'attached' && ably.modes?.includes('subscribe') !== false;
      if (!willCome || serial <= view.position) return decodeMessage(await ably.getMessage(serial));
      await stream.moved();
    }
  };

  const confirm = async (serial: string | null | undefined, draft: Draft): Promise<Receipt> => {
    if (serial == null) throw new ChannelError('unknown_outcome', 'Ably has told no serial of the message.');
    const receipt = receiptOf(await stored(serial), draft);
    return receipt.serial === serial
      ? { serial: receipt.serial, version: serial as string as Version }
      : receipt;
  };

  const createOne: Create = async ([operation]) => {
    if (operation === undefined) return [];
    const { draft } = operation;
    const known = view.byId(draft.id);
    if (known !== undefined) return [receiptOf(known, draft)];
    const { serials } = await ably.publish({ id: encodeId(draft.id), ...encodeDraft(draft) });
    return [await confirm(serials[0], draft)];
  };

  /** All or none: Ably stores what is published together as one. Its ids are the batch's, so ours are looked up before. */
  const createAll: Create = async (operations) => {
    const recent = await readRecent(ably);
    const fresh = new Map<string, Draft>();
    const receipts = new Map<string, Receipt>();
    for (const { draft } of operations) {
      const known = view.byId(draft.id) ?? recent.get(draft.id);
      const twin = fresh.get(draft.id);
      if (known !== undefined) receipts.set(draft.id, receiptOf(known, draft));
      else if (twin === undefined) fresh.set(draft.id, draft);
      else if (printOf(twin) !== printOf(draft))
        throw new ChannelError('conflict', `Two messages have the id ${JSON.stringify(draft.id)}.`);
    }
    const drafts = [...fresh.values()];
    const base = `batch-${hash(JSON.stringify(drafts))}-${hash(JSON.stringify(drafts), 7)}`;
    const messages = drafts.map((draft, index) => ({ id: `${base}:${index}`, ...encodeDraft(draft) }));
    const { serials } = messages.length === 0 ? { serials: [] } : await ably.publish(messages);
    for (const [index, draft] of drafts.entries())
      receipts.set(draft.id, await confirm(serials[index], draft));
    return operations.flatMap(({ draft }) => receipts.get(draft.id) ?? []);
  };

  return (operations) => (operations.length > 1 ? createAll(operations) : createOne(operations));
}
