import type { ContentMessage } from '@holdfast/codec';
import type { Message } from '@holdfast/channel';
import type { Steer } from '../agent.ts';
import type { RecordId, RunId } from '../ids.ts';
import type { Delivery } from '../records.ts';
import { parseRecord } from '../records/parse.ts';
import type { AgentLog } from './agent-log.ts';

/** Tells what people say to a run while it is under way (P19). */
export interface Steers {
  /** Each steer that is not delivered yet is told once, those from before too. */
  subscribe(listener: (steer: Steer) => void): () => void;
  close(): void;
}

interface SteersOptions {
  /** Of the agent. */
  readonly name: string;
  readonly whileAnswering?: Delivery;
  readonly answers?: 'all' | 'addressed';
}

/** Steers, and inputs which wait that are to be given to a running answer: undelivered ones are questions of their own. */
export function watchSteers(
  log: AgentLog,
  run: RunId,
  { name, whileAnswering = 'queue', answers = 'all' }: SteersOptions,
): Steers {
  const { projection } = log;
  const told = new Map<RecordId, Steer>();
  const listeners = new Set<(steer: Steer) => void>();

  const tell = (id: RecordId): void => {
    const message = told.has(id) ? undefined : projection.record(id);
    const said = message && readSteering(message, whileAnswering);
    if (message === undefined || said === undefined) return;
    const { clientId } = message;
    const steer = { id, message: said, ...(clientId !== undefined && { clientId }) };
    told.set(id, steer);
    for (const listener of listeners) listener(steer);
  };
  const isOurs = (to: string | undefined): boolean => (to === undefined ? answers === 'all' : to === name);
  const look = (): void => {
    for (const { record, outcome } of projection.run(run)?.steers ?? [])
      if (outcome === 'pending') tell(record);
    const own = projection.run(run);
    if (own?.serial === undefined || own.parentRun !== undefined) return;
    for (const { id, to, serial, parentRun } of projection.open)
      if (isOurs(to) && parentRun === undefined && (serial ?? '') > own.serial)
        tell(id as string as RecordId);
  };
  const unsubscribe = log.subscribe((event) => {
    if (event.kind === 'change' && event.change.tree) look();
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

/** What a steer says, or an input that is to be given to the running answer. */
function readSteering(message: Message, whileAnswering: Delivery): ContentMessage | undefined {
  const parsed = parseRecord(message);
  if (!parsed.ok) return undefined;
  const { record } = parsed;
  if (record.kind === 'steer') return record.message;
  const isSteer = record.kind === 'input' && (record.delivery ?? whileAnswering) === 'steer';
  return isSteer ? record.message : undefined;
}
