import type { Session, SessionMessage } from '@holdfast/core';
import type { UIMessage } from 'ai';
import { toUIMessage } from '../codec/to-ui-message.ts';
import { unfinishedRuns } from '../transport/active-run.ts';

const known = new WeakMap<SessionMessage, UIMessage>();

/**
 * The branch that a session shows, as a chat's messages, without an answer that is being written anew. A message that did
 * not change is the same object again.
 */
export function toUIMessages<Message extends UIMessage = UIMessage>(session: Session): Message[] {
  const { messages } = session.snapshot;
  const awaited = new Set(
    unfinishedRuns(session).flatMap(({ input, output, held }) =>
      output === undefined && held !== true ? [input] : [],
    ),
  );
  const replaced = messages.findIndex(
    ({ role, parent }) => role === 'assistant' && parent !== null && awaited.has(parent),
  );
  return (replaced < 0 ? messages : messages.slice(0, replaced)).flatMap((message) => {
    const ui = known.get(message) ?? toUIMessage(message);
    known.set(message, ui);
    // A chat shows an answer once there is something of it.
    return message.deleted === true || ui.parts.length === 0 ? [] : [ui as Message];
  });
}
