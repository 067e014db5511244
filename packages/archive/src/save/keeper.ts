import type { Channel, Delivery, Serial } from '@holdfast/channel';
import type { RunId } from '@holdfast/core';
import type { Archive } from '../archive.ts';
import { collect } from './collect.ts';
import { saveLane, threadedRuns } from './lanes.ts';

/** Keeps one session's archive up to date. */
export interface Keeper {
  /** Saves what is not saved yet. */
  save(): Promise<void>;
  /** Saves what is not saved yet, then stops. */
  close(): Promise<void>;
}

interface KeeperOptions {
  readonly channel: Channel;
  /** The channel that has a run's reasoning. */
  readonly lane: (run: RunId) => Channel;
  readonly archive: Archive;
  readonly quietMs: number;
  readonly atMostMs: number;
  readonly onError: (error: unknown) => void;
}

/** Resolves when all that the channel has is saved. */
export async function keepSession({
  channel,
  lane,
  archive,
  quietMs,
  atMostMs,
  onError,
}: KeeperOptions): Promise<Keeper> {
  /** What changed since it was last read to be saved; undefined where anything may have. */
  let dirty: Set<Serial> | undefined;
  let isDirty = true;
  let isOpen = true;
  let saving = Promise.resolve();
  let quiet: ReturnType<typeof setTimeout> | undefined;
  let late: ReturnType<typeof setTimeout> | undefined;

  const saveOnce = async (): Promise<void> => {
    clearTimeout(quiet);
    clearTimeout(late);
    late = undefined;
    if (!isDirty) return;
    const wanted = dirty;
    isDirty = false;
    dirty = new Set();
    try {
      for await (const entries of collect(channel, wanted)) {
        await archive.save(channel.name, entries);
        for (const run of threadedRuns(entries)) await saveLane(archive, lane(run));
      }
    } catch (error) {
      // Tried again, with what has changed meanwhile.
      dirty = wanted && dirty && new Set([...wanted, ...dirty]);
      isDirty = true;
      if (isOpen) saveLater();
      throw error;
    }
  };
  /** One after the other. */
  const save = (): Promise<void> => {
    const next = saving.then(saveOnce);
    saving = next.catch(() => {});
    return next;
  };
  const saveLater = (): void => {
    clearTimeout(quiet);
    const work = (): void => void save().catch(onError);
    quiet = setTimeout(work, quietMs);
    late ??= setTimeout(work, atMostMs);
  };
  const note = (delivery: Delivery): void => {
    if (delivery.kind === 'signal') return;
    if (delivery.kind === 'gap') dirty = undefined;
    else dirty?.add(delivery.kind === 'message' ? delivery.message.serial : delivery.serial);
    isDirty = true;
    saveLater();
  };

  const subscription = await channel.subscribe(note);
  void subscription.closed.then((error) => {
    if (error !== undefined) onError(error);
  });
  const stop = (): void => {
    isOpen = false;
    subscription.close();
    clearTimeout(quiet);
    clearTimeout(late);
  };
  try {
    await save();
  } catch (error) {
    stop();
    throw error;
  }
  return {
    save,
    async close() {
      try {
        await save();
      } finally {
        stop();
      }
    },
  };
}
