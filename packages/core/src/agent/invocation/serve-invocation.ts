import type { RecordId } from '../../ids.ts';
import type { Attendance } from '../attendance.ts';
import type { Invocation } from './invocation.ts';

/** Leases in which nothing comes of what there is to do, until the process leaves it to others. */
const PATIENCE = 3;

/**
 * Does what an invocation asks for, and what waits behind it. Resolves when there is nothing left to do here: the runs are
 * over, wait for somebody, or another process is seen to be at them.
 */
export function serveInvocation(
  attendance: Attendance,
  { run, lost }: Pick<Invocation, 'run' | 'lost'>,
  leaseMs: number,
): Promise<void> {
  if (lost) attendance.left(run);
  return new Promise((resolve) => {
    let busyAt = performance.now();
    const look = (): void => {
      const now = performance.now();
      if (attendance.underWay.length > 0) busyAt = now;
      // The run may be asked for by a record that is still on its way.
      const isKnown = attendance.knows(run as string as RecordId) || now - busyAt > leaseMs;
      const isStuck = now - busyAt > PATIENCE * leaseMs || !attendance.log.isOpen;
      if (!isStuck && !(isKnown && attendance.isCovered)) return;
      stop();
      resolve();
    };
    // Also called several times per lease.
    const stop = attendance.subscribe(look);
    look();
  });
}
