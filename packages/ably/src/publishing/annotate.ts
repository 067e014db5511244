import { ChannelError } from '@holdfast/channel';
import type { AnnotateOperation, Receipt } from '@holdfast/channel';
import type { Annotation as AblyAnnotation, Realtime } from 'ably';
import type { Stream } from '../reading/stream.ts';
import { decodeAnnotation, encodeAnnotation, isSameAnnotation } from '../wire/annotation.ts';
import { ownClientId, type Owned } from './owned.ts';

const PAGE = 1000;

/** Annotates. Ably tells no serial of an annotation and nothing of an id that was used before, so it is read back. */
export function createAnnotator(client: Realtime, { ably }: Stream, owned: Owned) {
  const find = async (serial: string, id: string): Promise<AblyAnnotation | undefined> => {
    let page = await ably.annotations.get(serial, { limit: PAGE });
    for (;;) {
      const found = page.items.find((each) => decodeAnnotation(each).id === id);
      if (found !== undefined || !page.hasNext()) return found;
      const next = await page.next();
      if (next === null) return undefined;
      page = next;
    }
  };

  return async ({ serial, annotation: draft }: AnnotateOperation): Promise<Receipt> => {
    const { message } = await owned.any(serial);
    if (message.deleted === true) throw new ChannelError('not_found', 'The message was deleted.');
    const outbound = encodeAnnotation(serial, draft);
    await (draft.action === 'add'
      ? ably.annotations.publish(serial, outbound)
      : ably.annotations.delete(serial, outbound));
    const found = await find(serial, draft.id);
    if (found === undefined)
      throw new ChannelError('unknown_outcome', 'The annotation was accepted, and is not in the list yet.');
    const stored = decodeAnnotation(found);
    if (!isSameAnnotation(stored, draft, ownClientId(client) ?? undefined))
      throw new ChannelError(
        'conflict',
        `The id ${JSON.stringify(draft.id)} was used for another annotation.`,
      );
    return { serial, version: stored.version };
  };
}
