import type { Channels } from '@holdfast/channel';
import { reasoningLane } from '@holdfast/core/reasoning';
import type { Archive } from '../archive.ts';
import { keepSession, type Keeper } from './keeper.ts';

export interface ArchiverOptions {
  /** A connection that may read the sessions, and the reasoning beside them; not one that is joined to the archive. */
  readonly channels: Channels;
  readonly archive: Archive;
  /** How long a session is quiet before what is new in it is saved, in milliseconds. Default 2000: when a run has ended, say. */
  readonly quietMs?: number;
  /** How long a session that is never quiet goes unsaved, in milliseconds. Default 60,000. */
  readonly atMostMs?: number;
  /** Told of every failure; what could not be saved is tried again. Default: `console.error`. */
  readonly onError?: (error: unknown, session: string) => void;
}

/** Saves sessions as they go on. Several may save one session: each message is saved as of its highest version. */
export interface Archiver {
  /**
   * Saves what the session's channel has, and from then on what changes.
   *
   * @throws ChannelError when the channel can't be read; what the archive throws
   */
  attend(session: string): Promise<void>;
  /** Saves what is not saved yet, of one session or of all, and rejects with what goes wrong. */
  save(session?: string): Promise<void>;
  /** Lets go of a session when what is new in it is saved. */
  leave(session: string): Promise<void>;
  /** Leaves every session. */
  close(): Promise<void>;
}

export function createArchiver({
  channels,
  archive,
  quietMs = 2000,
  atMostMs = 60_000,
  onError = (error, session) => console.error(`holdfast: session ${session} could not be archived:`, error),
}: ArchiverOptions): Archiver {
  const keepers = new Map<string, Promise<Keeper>>();

  const leave = async (session: string): Promise<void> => {
    const keeping = keepers.get(session);
    keepers.delete(session);
    const keeper = await keeping;
    await keeper?.close();
  };
  const all = async (work: (session: string) => Promise<void>): Promise<void> => {
    const results = await Promise.allSettled([...keepers.keys()].map(work));
    const errors = results.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
    if (errors.length > 0) throw errors.length === 1 ? errors[0] : new AggregateError(errors);
  };
  const save = async (session: string): Promise<void> => (await keepers.get(session))?.save();

  return {
    async attend(session) {
      const keeping =
        keepers.get(session) ??
        keepSession({
          channel: channels.channel(session),
          lane: (run) => channels.channel(reasoningLane(session, run)),
          archive,
          quietMs,
          atMostMs,
          onError: (error) => onError(error, session),
        });
      keepers.set(session, keeping);
      try {
        await keeping;
      } catch (error) {
        if (keepers.get(session) === keeping) keepers.delete(session);
        throw error;
      }
    },
    save: (session) => (session === undefined ? all(save) : save(session)),
    leave,
    close: () => all(leave),
  };
}
