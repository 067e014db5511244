import { refusal } from '../protocol/errors.ts';
import type { InboundMessage } from '../protocol/frames.ts';
import type { Creation } from './creating.ts';

/** Gives messages ids where they have none. Ids that clients give to several at once are one base, and the index. */
export function chooseIds(messages: readonly InboundMessage[], base: string): readonly Creation[] {
  const [first] = messages;
  const given = first?.id?.replace(/:0$/, '');
  return messages.map((message, index) => {
    const id = message.id ?? undefined;
    const missing = (id === undefined) !== (first?.id == null);
    if (missing || (messages.length > 1 && id !== undefined && id !== `${given}:${index}`))
      throw refusal(
        'invalidId',
        'Ids of messages that are published together are <base>:<index>, or none has one.',
      );
    return { ...message, id: id ?? `${base}:${index}` };
  });
}
