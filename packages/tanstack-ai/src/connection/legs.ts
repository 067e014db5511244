import type { Run, RunId } from '@holdfast/core';
import type { Leg } from './terminal.ts';

/** What one chat was told of a run. */
export interface Told {
  leg: Leg;
  /** It was told that the leg began, and not yet that it ended. */
  isOpen: boolean;
  /** It ended with something asked of the chat. */
  isAsked: boolean;
  /** The length of the log when the leg ended. */
  length: number;
  /** How many of the events were told that no message shows. */
  beside: number;
}

/** How the runs of a session are called in a chat, for all its subscriptions. */
export interface Names {
  /** What a run that this chat did not ask for is called on its next leg. */
  next(run: Run, before: Told | undefined): Leg;
  note(name: string, run: RunId): void;
  find(name: string): RunId | undefined;
}

export function createNames(session: string): Names {
  const runs = new Map<string, RunId>();
  return {
    next({ id, length }, before) {
      const name = before === undefined ? id : `${id}.${length}`;
      runs.set(name, id);
      return {
        name,
        thread: before?.leg.thread ?? session,
        ...(before !== undefined && { parent: before.leg.name }),
      };
    },
    note: (name, run) => void runs.set(name, run),
    find: (name) => runs.get(name),
  };
}
