import type { Run, Session } from '@holdfast/core';
import type { SubscribeConnectionAdapter } from '@tanstack/ai-client';
import type { Names } from './legs.ts';
import { toUIMessages } from './to-ui-messages.ts';
import { bindTo } from './bind-to.ts';
import { waitingHere } from './waiting.ts';

type Hydrate = NonNullable<SubscribeConnectionAdapter['hydrate']>;
export type Hydration = Awaited<ReturnType<Hydrate>>;
export type HydrateOptions = NonNullable<Parameters<Hydrate>[1]>;

export interface HydrateContext {
  readonly session: Session;
  readonly names: Names;
  readonly answered: ReadonlySet<string>;
}

/**
 * One page of the conversation, the newest or what comes before a message that was loaded, and what is asked of this device.
 * No run is named as active: a live subscription tells of it.
 */
export async function hydrate(
  { session, names, answered }: HydrateContext,
  { limit = Infinity, before }: HydrateOptions = {},
): Promise<Hydration> {
  await session.ready;
  const earlier = () => {
    const messages = toUIMessages(session);
    const at = before === undefined ? messages.length : messages.findIndex(({ id }) => id === before);
    return messages.slice(0, Math.max(0, at));
  };
  let found = earlier();
  while (found.length < limit && session.snapshot.hasOlder && (await session.loadOlder())) {
    found = earlier();
    // Without a limit a page is what the session has loaded.
    if (limit === Infinity && found.length > 0) break;
  }
  const messages = found.slice(-Math.min(limit, found.length));
  const [first] = messages;
  const isTruncated = first !== undefined && (messages.length < found.length || session.snapshot.hasOlder);
  // What sub-agents wait for belongs to no message of the chat.
  const run = session.snapshot.runs.findLast(
    (each) => each.parentRun === undefined && waitingHere(session, each, answered).length > 0,
  );
  const asks = (of: Run) => {
    const { name: runId } = names.next(of, undefined);
    return { runId, pending: [...bindTo(runId, waitingHere(session, of, answered))] };
  };
  return {
    messages,
    activeRun: null,
    interrupts: run === undefined ? null : asks(run),
    page: isTruncated ? { truncated: true, cursor: first.id } : { truncated: false },
  };
}
