import type { Channels } from '@holdfast/channel';
import { isEqual, type JsonObject } from '@holdfast/codec';
import { openSession, type Session } from '@holdfast/core';
import { readPending } from '@holdfast/core/handover';
import { DESK } from './people.ts';

/** The list of conversations, kept where every member of the staff sees it at once: in the shared state of a session. */
export interface Desk {
  /** Lists a conversation from now on. */
  watch(session: string): void;
  close(): Promise<void>;
}

export async function openDesk(channels: Channels): Promise<Desk> {
  const desk = openSession({ channels, name: DESK });
  const watched = new Map<string, Session>();
  await desk.ready;

  const watch = (name: string): void => {
    if (watched.has(name)) return;
    const session = openSession({ channels, name });
    watched.set(name, session);
    let told = desk.snapshot.state[name];
    const tell = (): void => {
      const entry = describe(session);
      if (session.snapshot.status !== 'live' || isEqual(entry, told)) return;
      told = entry;
      desk.setState(name, entry).catch((error: unknown) => console.error('desk:', error));
    };
    session.subscribe(tell);
    session.ready.then(tell, (error: unknown) => console.error('desk:', error));
  };
  Object.keys(desk.snapshot.state).forEach(watch);
  return {
    watch,
    async close() {
      await Promise.all([desk, ...watched.values()].map((session) => session.close()));
    },
  };
}

/** What of a conversation its place in the list depends on. */
function describe(session: Session): JsonObject {
  const { floor, messages } = session.snapshot;
  const { asked, approvals } = readPending(session);
  const last = messages.findLast(({ author }) => author.role !== 'agent');
  const text = last?.parts.find((part) => part.type === 'text')?.text ?? '';
  return {
    said: text.slice(0, 80),
    at: last?.timestamp ?? 0,
    approvals: approvals.length,
    ...(floor.holder.kind === 'person' && { holder: floor.holder.clientId ?? '' }),
    ...(asked && { asked: asked.reason ?? '' }),
  };
}
