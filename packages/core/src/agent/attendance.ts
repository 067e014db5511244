import type { RecordId, RunId } from '../ids.ts';
import { publishRecord } from '../log/publish-record.ts';
import type { Delivery } from '../records.ts';
import type { Run } from '../snapshot.ts';
import { isEnded } from '../snapshot.ts';
import { parseSignal } from '../records/signal.ts';
import type { AgentLog } from './agent-log.ts';
import { statedDelivery } from './delivery.ts';
import { createFailures } from './failures.ts';
import { watchLife } from './life.ts';
import type { PresentAgent } from './decisions/devices.ts';
import type { Rest } from './decisions/rest.ts';
import { hasNews } from './decisions/waiting.ts';

export interface AttendanceOptions {
  readonly log: AgentLog;
  /** Of the agent. */
  readonly name: string;
  readonly leaseMs: number;
  /** Of inputs that say nothing of it. */
  readonly whileAnswering: Delivery;
  /** Whether it takes what is addressed to nobody, too. Default `all`. */
  readonly answers?: 'all' | 'addressed' | undefined;
  /** Does one run; false where it could not be taken. `reject`: why it is to be turned down instead. */
  readonly drive: (run: RunId, reject?: string) => Promise<boolean>;
  readonly report: (error: unknown, run: RunId) => void;
  /** A run that rests waits for nobody any more: the time is over, or a device has gone. */
  readonly isOverdue?: (run: Run) => boolean;
  /** What may make a run that rests overdue. */
  readonly restOf?: (run: Run) => Rest;
  /** Told when no more runs are taken. */
  readonly leave?: () => void;
  /** Has a listener told of processes of agents that presence has lost. */
  readonly onAgentLeft?: (listener: (agent: PresentAgent) => void) => void;
  /** How long what waits is left to a worker that comes before this one, in milliseconds. Default 0. */
  readonly yieldMs?: () => number;
  /** How long this process knows already that nothing is heard of the agent, in milliseconds. */
  readonly silentMs?: number;
}

/** A run that rests, and until when somebody can settle what it waits for, in milliseconds since 1970. */
export interface Resting {
  readonly run: RunId;
  readonly until: number;
}

/** One session that an agent attends: its runs are taken in the order in which they were asked for (P15). */
export interface Attendance {
  readonly log: AgentLog;
  /** Does one run, whatever its turn. False when another process has it, or when it is over. */
  take(run: RunId): Promise<boolean>;
  /** There is nothing that an agent has to do in this session, here or elsewhere. */
  readonly isIdle: boolean;
  /** The run that rests for the shortest time, where that is limited. */
  readonly resting: Resting | undefined;
  /** There is nothing to do here: what is to be done, another process is seen to do. */
  readonly isCovered: boolean;
  /** A record of the session has been seen. */
  readonly knows: (record: RecordId) => boolean;
  /** The process that was at this run has said that it leaves it to others. */
  left(run: RunId): void;
  /** The agent's process under this identity is gone, and its runs are left to others. */
  readonly agentLeft: (clientId: string | undefined) => void;
  /** Runs that this process works on. */
  readonly underWay: readonly RunId[];
  /** Calls `listener` when any of this may have changed. */
  subscribe(listener: () => void): () => void;
  /** Takes no more runs; resolves when those under way are over. */
  drain(): Promise<void>;
  close(): void;
}

export function attendSession({
  log,
  name,
  leaseMs,
  whileAnswering,
  answers = 'all',
  drive: doRun,
  report,
  isOverdue = () => false,
  restOf = () => ({ until: Infinity, hasDevice: false }),
  leave,
  onAgentLeft,
  silentMs = 0,
  yieldMs = () => 0,
}: AttendanceOptions): Attendance {
  const { projection } = log;
  /** Runs that have not ended, and those that this process works on. */
  const unfinished = new Map<RunId, Run>();
  const driving = new Map<RunId, Promise<boolean>>();
  const failures = createFailures(leaseMs, () => performance.now());
  const interrupted = new Set<RunId>();
  const deliveries = new Map<RunId, Delivery>();
  /** Since when a run stands as it does, on this process's monotonic clock. */
  const since = new Map<RunId, number>();
  /** When a run was last taken up since it was overdue, on the same clock. */
  const urged = new Map<RunId, number>();
  const listeners = new Set<() => void>();
  let isOpen = true;

  /** Whether anything may have changed about what is to be taken: text of a run that goes on changes nothing. */
  const note = (id: RunId): boolean => {
    const run = projection.run(id);
    const before = unfinished.get(id)?.status;
    if (run === undefined || isEnded(run.status)) {
      unfinished.delete(id);
      interrupted.delete(id);
      since.delete(id);
      urged.delete(id);
      deliveries.delete(id);
      failures.forget(id);
      return before !== undefined;
    }
    const isNew = before !== run.status;
    if (isNew) since.set(id, performance.now());
    unfinished.set(id, run);
    // One that rests may have an answer now.
    return isNew || run.status === 'suspended';
  };
  const changed = (): void => {
    for (const listener of listeners) listener();
  };

  const drive = (id: RunId, reject?: string): Promise<boolean> => {
    const under = driving.get(id);
    if (under !== undefined) return under;
    const before = projection.run(id);
    const driven = doRun(id, reject)
      .catch((error: unknown) => {
        report(error, id);
        return false;
      })
      .then((taken) => {
        if (!taken && before !== undefined) failures.note(before);
        return taken;
      })
      .finally(() => {
        driving.delete(id);
        look();
        changed();
      });
    driving.set(id, driven);
    return driven;
  };

  /** What an agent has begun is that one's to finish. */
  const isOurs = ({ to, agent }: Run): boolean =>
    (agent?.name ?? to ?? (answers === 'all' ? name : undefined)) === name;
  const isAtWork = ({ status, agent }: Run): boolean =>
    (status === 'active' || status === 'cancelling') && agent?.name === name;
  const isBusy = (run: Run): boolean => driving.has(run.id) || isAtWork(run);
  const isTakeable = (run: Run): boolean => !driving.has(run.id) && !failures.isBarred(run);
  const isLeftToOthers = ({ id }: Run): boolean => {
    const ms = yieldMs();
    return ms > 0 && performance.now() - (since.get(id) ?? 0) < ms;
  };
  const isWaiting = ({ status, held, serial }: Run): boolean =>
    status === 'queued' && held !== true && serial !== undefined;
  /** No process is at it, and it has an answer that nobody has judged, or was cancelled. */
  const isRoused = ({ id, status }: Run): boolean =>
    status === 'suspended' ? hasNews(projection, id) : status === 'cancelling' && projection.isResting(id);
  const isLate = (run: Run): boolean => run.status === 'suspended' && isOverdue(run);
  const rests = (run: Run): boolean => run.status === 'suspended' && isOurs(run);
  /** Taken up once in a while: where that changes nothing, the run stands as it did. */
  const urge = ({ id }: Run): boolean => {
    const now = performance.now();
    if (now - (urged.get(id) ?? -Infinity) < leaseMs / 3) return false;
    urged.set(id, now);
    return true;
  };

  const interrupt = ({ id, status }: Run): void => {
    if (status !== 'active' || interrupted.has(id)) return;
    interrupted.add(id);
    const record = { kind: 'cancel', run: id, reason: 'interrupted by a newer input' } as const;
    publishRecord(log.channel, record).catch((error: unknown) => {
      interrupted.delete(id);
      report(error, id);
    });
  };

  /** Takes what may be taken now. */
  const look = (): void => {
    if (!isOpen || !log.isLive) return;
    for (const run of unfinished.values()) {
      if (!isOurs(run) || driving.has(run.id) || isLeftToOthers(run)) continue;
      if ((isTakeable(run) && isRoused(run)) || (isLate(run) && urge(run))) void drive(run.id);
    }
    for (const { run, delivery } of queue()) {
      const busy = [...unfinished.values()].filter(isBusy);
      if (busy.length === 0 || delivery === 'parallel') void drive(run.id);
      else if (delivery === 'reject') void drive(run.id, 'The agent is answering another message.');
      else if (delivery === 'interrupt') busy.forEach(interrupt);
    }
  };
  const deliveryOf = (id: RunId): Delivery => {
    const delivery = deliveries.get(id) ?? statedDelivery(projection, id) ?? whileAnswering;
    deliveries.set(id, delivery);
    return delivery;
  };
  /** What waits, in the order in which it is taken: what interrupts, what was put first, the rest as it was asked for. */
  const queue = (): readonly { readonly run: Run; readonly delivery: Delivery }[] => {
    const place = ({ delivery }: { readonly delivery: Delivery }): number =>
      delivery === 'interrupt' ? 0 : delivery === 'next' ? 1 : 2;
    return projection.open
      .filter((run) => isOurs(run) && isTakeable(run) && !isLeftToOthers(run))
      .map((run) => ({ run, delivery: deliveryOf(run.id) }))
      .sort((a, b) => place(a) - place(b));
  };
  /** What an agent has to do, wherever. */
  const isDue = (run: Run): boolean =>
    isAtWork(run) ||
    (isOurs(run) && (isWaiting(run) || (run.status === 'suspended' && isRoused(run)) || isLate(run)));

  const life = watchLife(log, { leaseMs, silentMs }, () => {
    for (const run of unfinished.values())
      if (isOpen && isAtWork(run) && isTakeable(run) && life.isSilent(run.id)) void drive(run.id);
    // What could not be taken is tried again after a while.
    look();
    changed();
  });

  const agentLeft = (clientId: string | undefined): void => {
    for (const run of unfinished.values())
      if (isAtWork(run) && run.agent?.clientId === clientId) life.left(run.id);
  };
  onAgentLeft?.((left) => left.name === name && agentLeft(left.clientId));

  let { floor } = projection;
  const unsubscribe = log.subscribe((event) => {
    if (event.kind === 'live') look();
    else if (event.kind === 'signal') {
      if (parseSignal(event.signal)?.kind !== 'wake') return;
      failures.clear();
      look();
    } else if (event.kind === 'change') {
      let isNews = floor !== projection.floor;
      floor = projection.floor;
      for (const id of event.change.runs) isNews = note(id) || isNews;
      if (!isNews) return;
      look();
    }
    changed();
  });

  for (const { id } of projection.runs) note(id);
  look();

  return {
    log,
    async take(id) {
      const run = projection.run(id);
      // Only a run whose process is lost is taken over.
      const isElsewhere = run !== undefined && isAtWork(run) && !projection.isResting(id);
      return isElsewhere && !driving.has(id) && !life.isSilent(id) ? false : drive(id);
    },
    get isIdle() {
      const isEngaged = (run: Run): boolean => isDue(run) || (rests(run) && restOf(run).hasDevice);
      return log.isLive && driving.size === 0 && ![...unfinished.values()].some(isEngaged);
    },
    get resting() {
      let first: Resting | undefined;
      for (const run of [...unfinished.values()].filter(rests)) {
        const { until } = restOf(run);
        if (until < (first?.until ?? Infinity)) first = { run: run.id, until };
      }
      return first;
    },
    get isCovered() {
      if (!log.isLive || driving.size > 0) return false;
      const due = [...unfinished.values()].filter(isDue);
      const atWork = due.filter(isAtWork);
      return due.length === 0 || (atWork.length > 0 && atWork.every(({ id }) => life.isHeard(id)));
    },
    knows: (record) => projection.record(record) !== undefined,
    left: (run) => life.left(run),
    agentLeft,
    get underWay() {
      return [...driving.keys()];
    },
    subscribe(listener) {
      const each = (): void => listener();
      listeners.add(each);
      return () => void listeners.delete(each);
    },
    async drain() {
      isOpen = false;
      leave?.();
      await Promise.all(driving.values());
    },
    close() {
      isOpen = false;
      listeners.clear();
      life.close();
      unsubscribe();
      log.close();
    },
  };
}
