import type { Session } from '@holdfast/core';
import type { ChatTransport, UIMessage } from 'ai';
import { activeRun } from './active-run.ts';
import { toChatError } from './chat-error.ts';
import { linkOf, tell } from './chat-link.ts';
import { regenerate, submit } from './requests.ts';
import { streamRun } from './stream-run.ts';
import { untilReady } from './until-ready.ts';

export interface ChatTransportOptions {
  /**
   * Whether an aborted request cancels its run. An abort can't tell Stop from a page that went away, so by default it only
   * detaches, and `session.cancel()` or the `stop` of `syncChat` cancels. A stream that was resumed only ever detaches.
   * Default false.
   */
  readonly abortMeansCancel?: boolean;
  /** The agent that this chat asks, where several answer the session. Default: the one that takes what is for nobody. */
  readonly to?: string;
}

/**
 * A transport for `useChat` and `Chat` over a session. Requests become records; answers are read from the session's log,
 * so that they outlive the page, the connection and the agent's process.
 *
 * A stream ends with `finish`, with an `error` chunk, with an `AbortError` (cancelled, by whomever), or with a `TypeError`
 * of the network's kind, which the chat can resume from. Where the session refuses a request, the chat's error is the
 * `SessionError` that says why. Closing the chat does not close the session: who opened it does.
 */
export function createChatTransport<Message extends UIMessage = UIMessage>(
  session: Session,
  { abortMeansCancel = false, to }: ChatTransportOptions = {},
): ChatTransport<Message> {
  return {
    resumeStreamIsReplay: true,
    async sendMessages({ trigger, chatId, messageId, messages, abortSignal: signal }) {
      const link = linkOf(session, chatId);
      try {
        // An outbox takes new messages before the session is loaded.
        const isNew = trigger === 'submit-message' && messageId === undefined;
        if (!session.unsent || !isNew || messages.at(-1)?.role !== 'user') await untilReady(session, signal);
        const target = { messages, messageId };
        const request =
          trigger === 'regenerate-message' ? regenerate(session, target) : submit(session, target, to);
        if (abortMeansCancel)
          signal?.addEventListener('abort', () => void session.cancel(request.run).catch(() => {}), {
            once: true,
          });
        return streamRun(session, request, { link, signal });
      } catch (error) {
        tell(link);
        throw toChatError(session, error);
      }
    },
    async reconnectToStream({ chatId, abortSignal: signal }) {
      await untilReady(session, signal);
      const link = linkOf(session, chatId);
      const run = activeRun(session)?.id;
      if (run === undefined || link.readings.has(run)) return null;
      return streamRun(session, { run }, { link, signal });
    },
  };
}
