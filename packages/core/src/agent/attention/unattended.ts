import type { RunId } from '../../ids.ts';
import type { AgentLog } from '../agent-log.ts';
import { isEnded } from '../../snapshot.ts';
import type { Audience } from './audience.ts';
import type { Unattended } from './policy.ts';

export interface UnattendedWatch {
  /** This process works on the run: what becomes of it is its to tell. */
  own(run: RunId): void;
}

/** Tells when a run that this process has worked on ends or waits for somebody, and nobody is there. */
export function watchUnattended(
  log: AgentLog,
  audience: Audience,
  tell: (event: Unattended) => void,
): UnattendedWatch {
  const owned = new Set<RunId>();
  const look = (id: RunId): void => {
    const run = log.projection.run(id);
    if (run === undefined || !(isEnded(run.status) || run.status === 'suspended')) return;
    owned.delete(id);
    const why = run.status === 'suspended' ? 'asks' : 'ended';
    void audience.ready.then(() => {
      if (audience.watchers === 0) tell({ session: log.channel.name, run, why });
    });
  };
  log.subscribe((event) => {
    if (event.kind === 'change') for (const id of event.change.runs) if (owned.has(id)) look(id);
  });
  return { own: (run) => void owned.add(run) };
}
