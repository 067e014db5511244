import type { MessageId, RunId, Session } from '@holdfast/core';
import type { ChatStatus, UIMessage } from 'ai';
import { activeRun, unfinishedRuns } from '../transport/active-run.ts';
import { isLost } from '../transport/chat-error.ts';
import { linkOf } from '../transport/chat-link.ts';
import { mergeMessages } from './merge-messages.ts';
import { toUIMessages } from './to-ui-messages.ts';

/** What `syncChat` needs of a chat: `Chat` of `@ai-sdk/react`, or any other `AbstractChat`. */
export interface SyncedChat<Message extends UIMessage> {
  readonly id: string;
  messages: Message[];
  readonly status: ChatStatus;
  readonly error: Error | undefined;
  resumeStream(): Promise<void>;
}

export interface ChatSync {
  /** Cancels the run that the chat shows, for everybody. Resolves when the session has stored that. */
  readonly stop: () => Promise<void>;
  /** Ends the synchronisation. Neither chat nor session is closed. */
  readonly dispose: () => void;
}

/** How often a busy chat is looked at: its transport tells when a stream ends, nobody when the chat is done with it. */
const RECHECK_MS = 100;
/** How long after a failed resume the next one is tried, doubled from time to time. */
const RESUME_MS = 250;
const MAX_RESUME_MS = 5_000;

/**
 * Keeps a chat in step with a session, whoever writes in it: messages of other devices appear, edits and regenerations cut
 * the list, decisions made elsewhere show, and an answer that was asked for elsewhere is followed as it streams. Use it
 * with `createChatTransport` of the same session.
 */
export function syncChat<Message extends UIMessage>(chat: SyncedChat<Message>, session: Session): ChatSync {
  const link = linkOf(session, chat.id);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isResuming = false;
  let delay = RESUME_MS;
  let isOpen = true;

  const again = (after: number): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      look();
    }, after);
  };

  const resume = async (run: RunId | undefined): Promise<void> => {
    isResuming = true;
    try {
      await chat.resumeStream();
    } catch {
      // The chat keeps its errors to itself; what counts is that the answer is still there to be followed.
    }
    isResuming = false;
    const isSame = run !== undefined && activeRun(session)?.id === run;
    delay = isSame ? Math.min(delay * 2, MAX_RESUME_MS) : RESUME_MS;
    if (isOpen) again(isSame ? delay : 0);
  };

  const look = (): void => {
    const { status } = session.snapshot;
    const isLoading = status === 'connecting';
    if (!isOpen || (isLoading && !session.unsent) || status === 'closed') return;
    const streamed = new Set<string | undefined>(
      [...link.readings.keys()].map((run) => session.run(run)?.output),
    );
    const messages = mergeMessages(chat.messages, toUIMessages<Message>(session), {
      status: chat.status,
      isStreamed: (id) => streamed.has(id),
      isLoading,
      isKnown: (id) =>
        (session.message(id as string as MessageId) ?? session.unsent?.find(id as string as MessageId)) !==
        undefined,
    });
    if (messages !== chat.messages) chat.messages = [...messages];
    const run = activeRun(session)?.id;
    const isBusy = chat.status === 'submitted' || chat.status === 'streaming' || link.readings.size > 0;
    if (isBusy) return again(RECHECK_MS);
    // A chat that lost an answer which is over by now is told so by a resume too.
    const isBehind = run !== undefined || isLost(chat.error);
    if (isBehind && !isResuming && timer === undefined) void resume(run);
  };

  const unsubscribe = session.subscribe(look);
  const changed = (): void => {
    // The end of a resumed stream has its own next step, and the chat needs a moment for any other.
    if (!isResuming) setTimeout(look);
  };
  link.listeners.add(changed);
  look();

  return {
    async stop() {
      const run = activeRun(session) ?? unfinishedRuns(session).at(-1);
      if (run !== undefined) await session.cancel(run.id);
    },
    dispose() {
      isOpen = false;
      clearTimeout(timer);
      link.listeners.delete(changed);
      unsubscribe();
    },
  };
}
