import type { RunId } from '../../ids.ts';
import type { AgentLog } from '../agent-log.ts';
import { isEnded, type Run } from '../../snapshot.ts';
import type { Audience } from './audience.ts';
import type { Unattended } from './policy.ts';

export interface UnattendedWatch {
  /** This process works on the run: what becomes of it is its to tell. */
  own(run: RunId): void;
  /** Its handler asks somebody, and waits in this process. */
  asks(run: RunId): void;
}

/** Tells when a run that this process has worked on ends or waits for somebody, and nobody is there. */
export function watchUnattended(
  log: AgentLog,
  audience: Audience,
  tell: (event: Unattended) => void,
): UnattendedWatch {
  const owned = new Set<RunId>();
  /** Runs of which it is told that they ask: not again when they rest for that. */
  const asking = new Set<RunId>();
  const tellIfAlone = (run: Run, why: Unattended['why']): void =>
    void audience.ready.then(() => {
      if (audience.watchers !== 0) return;
      if (why === 'asks') asking.add(run.id);
      tell({ session: log.channel.name, run, why });
    });
  const look = (id: RunId): void => {
    const run = log.projection.run(id);
    if (run === undefined || !(isEnded(run.status) || run.status === 'suspended')) return;
    owned.delete(id);
    const hasAsked = asking.delete(id);
    if (run.status !== 'suspended') tellIfAlone(run, 'ended');
    else if (!hasAsked) tellIfAlone(run, 'asks');
  };
  log.subscribe((event) => {
    if (event.kind === 'change') for (const id of event.change.runs) if (owned.has(id)) look(id);
  });
  return {
    own: (run) => void owned.add(run),
    asks(id) {
      const run = log.projection.run(id);
      asking.delete(id);
      if (run !== undefined) tellIfAlone(run, 'asks');
    },
  };
}
