import { isEnded, type Session, type SessionMessage } from '@holdfast/core';
import type { UIMessage } from '@tanstack/ai/client';
import { toMessages } from '../codec/to-messages.ts';

const known = new WeakMap<SessionMessage, readonly UIMessage[]>();

/**
 * The branch that a session shows, as a chat's messages, without an answer that is being written anew: one message for each
 * turn of a model. What did not change is the same object again.
 */
export function toUIMessages(session: Pick<Session, 'snapshot'>): UIMessage[] {
  const { messages, runs } = session.snapshot;
  const awaited = new Set<string>(
    runs.flatMap(({ status, input, output, held }) =>
      !isEnded(status) && output === undefined && held !== true ? [input] : [],
    ),
  );
  const replaced = messages.findIndex(
    ({ role, parent }) => role === 'assistant' && parent !== null && awaited.has(parent),
  );
  const shown = replaced < 0 ? messages : messages.slice(0, replaced);
  const ids = new Set<string>();
  return shown.flatMap((message) =>
    message.deleted === true ? [] : read(message).map((each) => unique(each, message, ids)),
  );
}

function read(message: SessionMessage): readonly UIMessage[] {
  const found = known.get(message);
  if (found !== undefined) return found;
  const createdAt = new Date(message.timestamp);
  const read = toMessages(message).map((each) => ({ createdAt, ...each }));
  known.set(message, read);
  return read;
}

/** Models may call messages of several answers the same; a chat would take them for one. */
function unique(message: UIMessage, { id: answer }: SessionMessage, ids: Set<string>): UIMessage {
  const id = ids.has(message.id) ? `${answer}/${message.id}` : message.id;
  ids.add(id);
  return id === message.id ? message : { ...message, id };
}
