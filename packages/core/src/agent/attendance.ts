import { createRandomId } from '@holdfast/channel';
import type { RunId } from '../ids.ts';
import type { Run } from '../snapshot.ts';
import { isEnded } from '../snapshot.ts';
import { writeRecord } from '../records/write.ts';
import { driveRun, type DriveContext } from './drive.ts';
import { watchLife } from './life.ts';
import { verdicts } from './waiting.ts';

/** One session that an agent attends: its runs are taken in the order in which they were asked for (P15). */
export interface Attendance {
  /** Does one run, whatever its turn. False when another process has it, or when it is over. */
  take(run: RunId): Promise<boolean>;
  /** Takes no more runs; resolves when those under way are over. */
  drain(): Promise<void>;
  close(): void;
}

export function attendSession<Chunk, Prompt>(context: DriveContext<Chunk, Prompt>): Attendance {
  const { log, options, leaseMs, report } = context;
  const { projection } = log;
  /** Runs that have not ended, and those that this process works on. */
  const unfinished = new Map<RunId, Run>();
  const driving = new Map<RunId, Promise<boolean>>();
  /** Runs that this process could not take, as they stood when it tried: it tries again when they stand otherwise. */
  const failed = new Map<RunId, string>();
  let isOpen = true;

  const note = (id: RunId): void => {
    const run = projection.run(id);
    if (run === undefined || isEnded(run.status)) unfinished.delete(id);
    else unfinished.set(id, run);
  };

  const drive = (id: RunId, reject?: string): Promise<boolean> => {
    const under = driving.get(id);
    if (under !== undefined) return under;
    const before = projection.run(id);
    const driven = driveRun({ ...context, ...(reject !== undefined && { reject }) }, id)
      .catch((error: unknown) => {
        report(error, id);
        return false;
      })
      .then((taken) => {
        if (!taken && before !== undefined) failed.set(id, stand(before));
        return taken;
      })
      .finally(() => {
        driving.delete(id);
        look();
      });
    driving.set(id, driven);
    return driven;
  };

  const isOurs = ({ to }: Run): boolean => to === undefined || to === options.name;
  const isBusy = ({ id, status, agent }: Run): boolean =>
    driving.has(id) || ((status === 'active' || status === 'cancelling') && agent?.name === options.name);

  const interrupt = ({ id, status }: Run): void => {
    if (status !== 'active') return;
    const record = { kind: 'cancel', run: id, reason: 'interrupted by a newer input' } as const;
    log.channel
      .publish({ action: 'create', draft: writeRecord(createRandomId(), record) })
      .catch((error: unknown) => report(error, id));
  };

  /** Takes what may be taken now. */
  const look = (): void => {
    if (!isOpen || !log.isLive) return;
    for (const run of unfinished.values())
      if (
        run.status === 'suspended' &&
        isOurs(run) &&
        isTakeable(run) &&
        verdicts(projection, run.id) !== undefined
      )
        void drive(run.id);
    for (const run of projection.open) {
      if (!isOurs(run) || !isTakeable(run)) continue;
      const busy = [...unfinished.values()].filter(isBusy);
      if (busy.length === 0 || run.delivery === 'parallel') void drive(run.id);
      else if (run.delivery === 'reject') void drive(run.id, 'The agent is answering another message.');
      else if (run.delivery === 'interrupt') busy.forEach(interrupt);
      else break;
    }
  };
  const isTakeable = (run: Run): boolean => !driving.has(run.id) && failed.get(run.id) !== stand(run);

  const life = watchLife(log, leaseMs, () => {
    for (const run of unfinished.values()) {
      const isRunning = run.status === 'active' || run.status === 'cancelling';
      if (isOpen && isRunning && isBusy(run) && isTakeable(run) && life.isSilent(run.id)) void drive(run.id);
    }
  });

  let { floor } = projection;
  const unsubscribe = log.subscribe((event) => {
    if (event.kind === 'live') return look();
    if (event.kind !== 'change') return;
    const isNewFloor = floor !== projection.floor;
    floor = projection.floor;
    const before = [...event.change.runs].map((id) => unfinished.get(id)?.status);
    event.change.runs.forEach(note);
    const after = [...event.change.runs].map((id) => unfinished.get(id)?.status);
    // Text of a run that goes on changes nothing about what may be taken.
    if (
      isNewFloor ||
      before.some((status, index) => status !== after[index]) ||
      isAnswered(event.change.runs)
    )
      look();
  });
  const isAnswered = (runs: ReadonlySet<RunId>): boolean =>
    [...runs].some((id) => unfinished.get(id)?.status === 'suspended');

  for (const { id } of projection.runs) note(id);
  look();

  return {
    take: (run) => drive(run),
    async drain() {
      isOpen = false;
      await Promise.all(driving.values());
    },
    close() {
      isOpen = false;
      life.close();
      unsubscribe();
      log.close();
    },
  };
}

/** How a run stands for who would take it: once another process has taken it, it stands otherwise. */
function stand({ status, attempts }: Run): string {
  return `${status} ${attempts}`;
}
