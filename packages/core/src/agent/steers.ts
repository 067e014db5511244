import type { Steer } from '../agent.ts';
import type { RecordId, RunId } from '../ids.ts';
import { parseRecord } from '../records/parse.ts';
import type { AgentLog } from './agent-log.ts';

/** Tells what people say to a run while it is under way (P19). */
export interface Steers {
  /** Each steer that is not delivered yet is told once, those from before too. */
  subscribe(listener: (steer: Steer) => void): () => void;
  close(): void;
}

export function watchSteers(log: AgentLog, run: RunId): Steers {
  const { projection } = log;
  const told = new Map<RecordId, Steer>();
  const listeners = new Set<(steer: Steer) => void>();

  const look = (): void => {
    for (const { record, outcome } of projection.run(run)?.steers ?? []) {
      const message = told.has(record) || outcome !== 'pending' ? undefined : projection.record(record);
      const parsed = message === undefined ? undefined : parseRecord(message);
      if (message === undefined || parsed?.ok !== true || parsed.record.kind !== 'steer') continue;
      const { clientId } = message;
      const steer = {
        id: record,
        message: parsed.record.message,
        ...(clientId !== undefined && { clientId }),
      };
      told.set(record, steer);
      for (const listener of listeners) listener(steer);
    }
  };
  const unsubscribe = log.subscribe((event) => {
    if (event.kind === 'change' && event.change.runs.has(run)) look();
  });
  look();

  return {
    subscribe(listener) {
      const each = (steer: Steer): void => listener(steer);
      for (const steer of told.values()) each(steer);
      listeners.add(each);
      return () => void listeners.delete(each);
    },
    close() {
      listeners.clear();
      unsubscribe();
    },
  };
}
