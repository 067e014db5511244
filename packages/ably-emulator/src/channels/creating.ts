import type { Draft, Message } from '@holdfast/channel';
import type { Engine } from '@holdfast/channel/engine';
import { toExtras, toHeaders } from '../protocol/content.ts';
import { refusal } from '../protocol/errors.ts';
import type { InboundMessage } from '../protocol/frames.ts';
import { checkSize, sizeOf } from './limits.ts';
import type { Sender } from './publisher.ts';

/** A message to be created, its id chosen. */
export type Creation = InboundMessage & { readonly id: string };

/** What an engine keeps of a new message. @throws AblyError 40009 */
export function toDraft(
  { connectionId }: Sender,
  { id, name, data = null, encoding, extras }: Creation,
  { series, messageBytes }: { readonly series: string; readonly messageBytes: number },
): Draft {
  const draft = { id, name: name ?? '', data };
  checkSize(sizeOf({ ...draft, extras: extras ?? undefined, encoding: encoding ?? '' }), messageBytes);
  return {
    ...draft,
    headers: toHeaders({
      series,
      ...(connectionId !== undefined && { connectionId }),
      ...(encoding != null && { encoding }),
      ...(extras != null && { extras: toExtras(extras) }),
    }),
  };
}

/** The message that has an id already: a repeated publish is answered with its serial. */
export async function findById(engine: Engine, key: string, id: string): Promise<Message> {
  let cursor;
  do {
    const page = await engine.page(key, { limit: 1000, ...(cursor !== undefined && { cursor }) });
    const found = page.messages.find((message) => message.id === id);
    if (found !== undefined) return found;
    cursor = page.next;
  } while (cursor !== undefined);
  throw refusal('internal', `The id ${JSON.stringify(id)} is taken, and its message is gone.`);
}
