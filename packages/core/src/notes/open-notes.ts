import { createChannelFold, followChannel } from '@holdfast/channel';
import type { Channels, FollowEvent, Receipt } from '@holdfast/channel';
import { createFrame } from '../session/frame.ts';
import { checkSessionName } from '../session/name.ts';
import { readNote, staffLane, writeNote, type Note, type OutgoingNote } from './note.ts';

/** The private lane of a session: what its staff, people and agents, tell each other. */
export interface Notes {
  /** Oldest first; a new array after each change. */
  readonly snapshot: readonly Note[];
  /** Calls `listener` after changes of `snapshot`, at most once in 16 ms. Shaped for useSyncExternalStore. */
  readonly subscribe: (listener: () => void) => () => void;
  /** Resolves when the newest page is there and live; rejects with a ChannelError, `forbidden` for participants. */
  readonly ready: Promise<void>;
  readonly hasOlder: boolean;
  /** Resolves when the note is stored. @throws SessionError `invalid` for a note without parts; ChannelError */
  write(note: OutgoingNote): Promise<Receipt>;
  /** One page more of history; false when there is none. */
  loadOlder(): Promise<boolean>;
  close(): void;
}

/**
 * Opens the private lane of a session. Nothing of it travels on the session's own channel, so a client without the capability
 * for the lane never receives it.
 *
 * @throws TypeError when the name is no session's
 */
export function openNotes({
  channels,
  session,
}: {
  readonly channels: Channels;
  /** The session's name. */
  readonly session: string;
}): Notes {
  checkSessionName(session);
  const channel = channels.channel(staffLane(session));
  const fold = createChannelFold();
  const listeners = new Set<() => void>();
  let snapshot: readonly Note[] = [];
  const frame = createFrame(() => {
    for (const listener of listeners) listener();
  });

  const take = (event: FollowEvent): void => {
    if (event.kind === 'page') for (const message of event.messages) fold.add(message);
    else if (event.kind === 'delivery') fold.apply(event.delivery);
    else return;
    snapshot = fold.messages().flatMap((message) => readNote(message) ?? []);
    frame.request();
  };
  const following = followChannel(channel, take);

  return {
    get snapshot() {
      return snapshot;
    },
    subscribe(listener) {
      const each = (): void => listener();
      listeners.add(each);
      return () => void listeners.delete(each);
    },
    ready: following.ready,
    get hasOlder() {
      return following.hasOlder;
    },
    write: (note) => writeNote(channel, note),
    loadOlder: () => following.loadOlder(),
    close() {
      following.close();
      frame.cancel();
      listeners.clear();
    },
  };
}
