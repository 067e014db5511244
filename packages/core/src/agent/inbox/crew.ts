import type { Channel, Member } from '@holdfast/channel';
import { isObject } from '@holdfast/codec';
import { watchMembers, type Members } from '../../presence/watch-members.ts';
import { roleOf } from '../../records/authority.ts';

/**
 * The workers of one agent, as presence in its inbox tells: it spreads sessions over them, without anybody who leads. What it
 * says is a hint: two workers that see different crews may both look at a session, and the run's claim decides.
 */
export interface Crew {
  /** How many workers come before this one for a session. */
  rank(session: string): number;
  /** False for one that is gone; true for all where presence can't be seen. */
  has(worker: string): boolean;
  /** Resolves when it is known who is there, or that it can't be. */
  readonly ready: Promise<void>;
  leave(): void;
  close(): void;
}

export interface CrewOptions {
  readonly agent: string;
  /** This worker's own name among the others. */
  readonly worker: string;
  /** Told who has gone, too. */
  readonly changed: (gone: readonly Worker[]) => void;
}

/** Who works under which identity; several workers may share one. */
export interface Worker {
  readonly worker: string;
  readonly clientId: string | undefined;
}

export function createCrew(channel: Channel, { agent, worker, changed }: CrewOptions): Crew {
  const { presence } = channel;
  let workers: ReadonlyMap<string, Worker> | undefined;
  let members: Members | undefined;
  let isOpen = true;

  const start = async (): Promise<void> => {
    await presence.enter({ agent, worker });
    if (!isOpen) return;
    members = watchMembers(channel, () => {
      const there = members?.current;
      const before = workers;
      workers = there && new Map(there.flatMap(workerOf).map((each) => [each.worker, each]));
      if (workers === undefined) return;
      changed([...(before?.values() ?? [])].filter((each) => workers?.has(each.worker) !== true));
    });
    await members.ready;
  };

  return {
    rank(session) {
      const own = weigh(session, worker);
      return [...(workers?.keys() ?? [])].filter((other) => other !== worker && weigh(session, other) > own)
        .length;
    },
    has: (other) => workers?.has(other) ?? true,
    // Where presence isn't allowed, everybody looks at everything.
    ready: start().catch(() => {}),
    leave: () => void presence.leave().catch(() => {}),
    close() {
      isOpen = false;
      members?.close();
    },
  };
}

function workerOf({ data, claims, clientId }: Member): readonly Worker[] {
  const worker = isObject(data) && roleOf(claims) === 'agent' ? data['worker'] : undefined;
  return typeof worker === 'string' ? [{ worker, clientId }] : [];
}

/** Rendezvous hashing: the worker that weighs most comes first, and when one goes only its sessions move. */
function weigh(session: string, worker: string): number {
  let hash = 0x811c9dc5;
  for (const character of `${worker} ${session}`) {
    hash ^= character.codePointAt(0) ?? 0;
    hash = Math.imul(hash, 0x01000193);
  }
  // FNV-1a leaves names that differ in their last letter close together.
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  hash ^= hash >>> 12;
  hash = Math.imul(hash, 0x297a2d39);
  return (hash ^ (hash >>> 15)) >>> 0;
}
