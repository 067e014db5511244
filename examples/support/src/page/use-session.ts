import type { Channels } from '@holdfast/channel';
import { openSession, type Session, type SessionSnapshot } from '@holdfast/core';
import { openNotes, type Notes } from '@holdfast/core/notes';
import { useEffect, useState, useSyncExternalStore } from 'react';

/** A session that is open while the component is there. */
export function useSession(channels: Channels, name: string): Session | undefined {
  const [session, setSession] = useState<Session>();
  useEffect(() => {
    const opened = openSession({ channels, name });
    opened.ready.catch((error: unknown) => console.error(error));
    setSession(opened);
    return () => {
      opened.close().catch((error: unknown) => console.error(error));
    };
  }, [channels, name]);
  // Until the effect has run, what is there is the session of before.
  return session?.name === name ? session : undefined;
}

/** Shows the others in a session that somebody is here; the session's closing ends it. */
export function usePresence(session: Session): void {
  useEffect(() => {
    session.ready
      .then(() => (session.snapshot.status === 'closed' ? undefined : session.enter()))
      .catch((error: unknown) => console.error(error));
  }, [session]);
}

export function useSnapshot(session: Session): SessionSnapshot {
  return useSyncExternalStore(session.subscribe, () => session.snapshot);
}

/** The private lane of a session, while the component is there. */
export function useNotes(channels: Channels, session: string): Notes | undefined {
  const [lane, setLane] = useState<{ readonly session: string; readonly notes: Notes }>();
  useEffect(() => {
    const notes = openNotes({ channels, session });
    notes.ready.catch((error: unknown) => console.error(error));
    setLane({ session, notes });
    return () => notes.close();
  }, [channels, session]);
  return lane?.session === session ? lane.notes : undefined;
}
