import type { ChatStatus, UIMessage } from 'ai';

export interface MergeOptions {
  readonly status: ChatStatus;
  /** Of a session that isn't loaded there is only what waits in its outbox. */
  readonly isLoading: boolean;
  /** Whether the chat writes a message itself at the moment. */
  readonly isStreamed: (id: string) => boolean;
  /** Whether the session has ever heard of a message. */
  readonly isKnown: (id: string) => boolean;
}

/**
 * What a chat should show: the session's messages, but for what the chat is ahead in: the answer that it streams, what it
 * is just sending, and tool outputs and decisions that were given here a moment ago. The chat's own list where that is
 * the same.
 */
export function mergeMessages<Message extends UIMessage>(
  chat: readonly Message[],
  session: readonly Message[],
  { status, isLoading, isStreamed, isKnown }: MergeOptions,
): readonly Message[] {
  const own = new Map(chat.map((message) => [message.id, message]));
  const merged = session.map((message) => {
    const mine = own.get(message.id);
    if (mine === undefined || mine === message) return message;
    return isStreamed(message.id) || (status !== 'error' && isAhead(mine, message)) ? mine : message;
  });
  // What was refused stays until something else is sent, so that it can be sent again; what a chat began with, until there is more.
  const others = chat.filter(({ id }) => !isKnown(id) && !isStreamed(id));
  if (isLoading) merged.unshift(...others);
  else if (status !== 'ready') merged.push(...others);
  const isSame = merged.length === chat.length && merged.every((message, index) => message === chat[index]);
  return isSame ? chat : merged;
}

const SETTLED: ReadonlySet<string> = new Set(['output-available', 'output-error', 'approval-responded']);
const WAITING: ReadonlySet<string> = new Set(['input-available', 'approval-requested']);

/** A call was settled here that the session still waits for. */
function isAhead(mine: UIMessage, theirs: UIMessage): boolean {
  const waiting = new Set(callsOf(theirs, WAITING));
  return callsOf(mine, SETTLED).some((call) => waiting.has(call));
}

function callsOf({ parts }: UIMessage, states: ReadonlySet<string>): readonly string[] {
  return parts.flatMap((part) => ('toolCallId' in part && states.has(part.state) ? [part.toolCallId] : []));
}
