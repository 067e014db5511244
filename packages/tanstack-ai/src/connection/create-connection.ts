import { isEnded, SessionError, type RunId, type Session } from '@holdfast/core';
import type { StreamChunk } from '@tanstack/ai/client';
import type { SubscribeConnectionAdapter } from '@tanstack/ai-client';
import { createBell, type Bell } from './bell.ts';
import { createFeed, type Feed } from './feed.ts';
import { hydrate } from './hydrate.ts';
import { createNames, type Told } from './legs.ts';
import { request, type Request } from './request.ts';

export interface ConnectionOptions {
  /**
   * Whether an aborted request cancels its run. An abort can't tell Stop from a view that went away, so by default it only
   * detaches, and `cancel` stops. Default false.
   */
  readonly abortMeansCancel?: boolean;
}

/** What `useChat` and `ChatClient` take for their `connection`, with what they have no word for. */
export interface Connection extends Required<Omit<SubscribeConnectionAdapter, 'joinRun'>> {
  /**
   * Cancels a run for everybody, whoever asked for it: the one that the chat calls so, or the one that the session is at.
   * Resolves when the session has stored that.
   */
  cancel(run?: string): Promise<void>;
}

interface Subscription {
  readonly feed: Feed;
  readonly bell: Bell;
}

/**
 * Connects one chat of TanStack AI to a session. Requests become records; what the chat shows follows from the session's log,
 * so that answers outlive the page, the connection and the agent's process. Closing the chat does not close the session.
 *
 * `send` rejects with a SessionError where the session refuses what is asked: `refused`, `not_found`, `forbidden`, `invalid`,
 * `closed`. A subscription ends with `closed` when the session does.
 */
export function createConnection(
  session: Session,
  { abortMeansCancel = false }: ConnectionOptions = {},
): Connection {
  const names = createNames(session.name);
  const answered = new Set<string>();
  const told = new Map<RunId, Told>();
  const subscriptions = new Set<Subscription>();
  let pending: Request | undefined;
  let isStateTold = false;

  const restart = (): void => {
    for (const { feed, bell } of subscriptions) {
      feed.restart();
      bell.ring();
    }
  };
  const settle = (own: Request): void => {
    if (pending === own) pending = undefined;
  };

  async function* subscribe(signal?: AbortSignal): AsyncGenerator<StreamChunk, void> {
    await session.ready;
    const bell = createBell();
    const feed = createFeed({
      session,
      names,
      answered,
      told,
      isStateTold: () => isStateTold,
      tellState: () => void (isStateTold = true),
      pending: () => pending,
      settle,
    });
    const subscription = { feed, bell };
    const stop = session.subscribe(() => bell.ring());
    subscriptions.add(subscription);
    const isOpen = (): boolean => signal?.aborted !== true;
    try {
      while (isOpen()) {
        const batch = feed.next();
        for (const { event, note } of batch) {
          yield event as unknown as StreamChunk;
          // Whoever asks for the next one has had this one; a chat that subscribes anew has not.
          note?.();
          // Something was asked meanwhile: what the chat knew is gone.
          if (feed.isStale || !isOpen()) break;
        }
        if (batch.length > 0) continue;
        if (session.snapshot.status === 'closed') throw new SessionError('closed', 'The session was closed.');
        await bell.wait(signal);
      }
    } finally {
      stop();
      subscriptions.delete(subscription);
    }
  }

  return {
    subscribe,
    async send(messages, _data, signal, context) {
      if (context === undefined) throw new TypeError('send: a run context is needed, as ChatClient gives it');
      // An outbox takes new messages before the session is loaded.
      if (!session.unsent || context.resume !== undefined) await session.ready;
      signal?.throwIfAborted();
      const findRun = (name: string) => session.run(names.find(name) ?? (name as string as RunId));
      const own = request({ session, findRun, answered }, messages, context);
      if (own.run !== undefined) names.note(own.name, own.run);
      pending = own;
      restart();
      const detach = (): void => {
        if (pending !== own) return;
        settle(own);
        if (abortMeansCancel && own.run !== undefined) session.cancel(own.run).catch(() => {});
        restart();
      };
      signal?.addEventListener('abort', detach, { once: true });
      try {
        await Promise.race([own.stored, aborted(signal)]);
        own.isStored = true;
        for (const { bell } of subscriptions) bell.ring();
      } catch (error) {
        settle(own);
        restart();
        throw error;
      }
    },
    async hydrate(_thread, options) {
      const page = await hydrate({ session, names, answered }, options);
      // The chat replaces its list by the page, and is told the list anew after that.
      setTimeout(restart);
      return page;
    },
    async cancel(name) {
      const { runs, messages } = session.snapshot;
      const shown = new Set<string>(messages.map(({ id }) => id));
      const open = runs.filter(({ status, input }) => !isEnded(status) && shown.has(input));
      const current = open.find(({ status }) => status !== 'queued' && status !== 'suspended') ?? open.at(-1);
      const run = name === undefined ? current?.id : (names.find(name) ?? (name as string as RunId));
      if (run !== undefined) await session.cancel(run);
    },
  };
}

/** Resolves when the signal is aborted. */
function aborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }));
}
