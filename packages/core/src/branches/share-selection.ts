import type { JsonValue, Receipt } from '@holdfast/channel';
import { isObject } from '@holdfast/codec';
import { SessionError } from '../errors.ts';
import type { MessageId } from '../ids.ts';
import type { Session } from '../session.ts';

/** Which sibling everybody looks at. */
export interface SharedSelection {
  /**
   * Shows another sibling, to everybody who shares the selection.
   *
   * @throws SessionError `not_found`, and as `Session.setState`
   */
  select(message: MessageId): Promise<Receipt>;
  /** From now on the view is this session's own again, as it stands. */
  close(): void;
}

/** Keys of the shared state that say what is shown below a message. */
const KEY = 'selected:';

/**
 * Shares which branch a session shows: who selects a sibling selects it for everybody who shares it, and later for who joins.
 * When another sibling comes up, by an edit or another answer, that one is shown, as everywhere.
 */
export function shareSelection(session: Session): SharedSelection {
  const applied = new Map<string, MessageId>();

  const apply = (): void => {
    for (const [key, value] of Object.entries(session.snapshot.state)) {
      const shown = key.startsWith(KEY) ? shownBy(session, value) : undefined;
      if (shown === undefined || applied.get(key) === shown) continue;
      applied.set(key, shown);
      session.select(shown);
    }
  };
  const stop = session.subscribe(apply);
  apply();

  return {
    async select(id) {
      const message = session.message(id);
      if (message === undefined)
        throw new SessionError('not_found', 'What is loaded of the session has no such message.');
      const value = { message: id, of: message.siblings.length };
      return session.setState(`${KEY}${message.parent ?? ''}`, value);
    },
    close: stop,
  };
}

/** What is to be shown: the sibling that was chosen, or the newest where there are more than when it was. */
function shownBy(session: Session, value: JsonValue): MessageId | undefined {
  if (!isObject(value)) return undefined;
  const { message: id, of } = value;
  const message = typeof id === 'string' ? session.message(id as string as MessageId) : undefined;
  return message && message.siblings.length > Number(of) ? message.siblings.at(-1) : message?.id;
}
