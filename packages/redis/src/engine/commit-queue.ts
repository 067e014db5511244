import type { Operation } from '@holdfast/channel';
import { ownerOf, type Outcome, type Publisher } from '@holdfast/channel/engine';
import { SCRIPTS } from '../scripts/scripts.ts';
import type { Caller } from './caller.ts';
import { encodeOperation } from './encode-operations.ts';
import { decodeOutcome, type OutcomeRow } from './refusals.ts';
import { escapeText } from './text.ts';

/** A script runs alone on its server, so it gets no more than this at once; one job may be longer. */
const MAX_BYTES = 1 << 18;

interface Job {
  readonly operations: readonly Operation[];
  readonly values: readonly string[];
  readonly bytes: number;
  readonly resolve: (outcomes: readonly Outcome[]) => void;
  readonly reject: (error: unknown) => void;
}

export interface CommitQueueOptions {
  readonly caller: Caller;
  readonly maxMessageBytes: number;
  /** As the commit script takes them: milliseconds and bytes, 0 for no limit. */
  readonly retention: { readonly ageMs: number; readonly bytes: number };
}

/**
 * Commits to each session one after the other, what arrives meanwhile together: so calls take effect in the order in
 * which they were made, even where one has to be sent again.
 */
export type CommitQueue = (
  channel: string,
  publisher: Publisher,
  operations: readonly Operation[],
) => Promise<readonly Outcome[]>;

export function createCommitQueue({ caller, maxMessageBytes, retention }: CommitQueueOptions): CommitQueue {
  const queues = new Map<string, Job[]>();
  const limits = `${maxMessageBytes} ${retention.ageMs} ${retention.bytes}`;

  const send = async (channel: string, jobs: readonly Job[]): Promise<void> => {
    const values = [limits, String(jobs.length)].concat(...jobs.map((job) => job.values));
    try {
      const answer = await caller.ask(SCRIPTS.commit, channel, values);
      const results = answer as readonly (readonly OutcomeRow[])[];
      for (const [index, { operations, resolve }] of jobs.entries())
        resolve((results[index] ?? []).map((row) => decodeOutcome(operations, row, maxMessageBytes)));
    } catch (error) {
      for (const { reject } of jobs) reject(error);
    }
  };

  const drain = async (channel: string, queue: Job[]): Promise<void> => {
    while (queue.length > 0) await send(channel, takeSome(queue));
    queues.delete(channel);
  };

  return (channel, publisher, operations) =>
    new Promise((resolve, reject) => {
      const job = { operations, ...encodeJob(publisher, operations), resolve, reject };
      const queue = queues.get(channel);
      if (queue !== undefined) return void queue.push(job);
      const begun = [job];
      queues.set(channel, begun);
      void drain(channel, begun);
    });
}

function takeSome(queue: Job[]): readonly Job[] {
  let bytes = 0;
  let count = 0;
  for (const job of queue) {
    bytes += job.bytes;
    if (count > 0 && bytes > MAX_BYTES) break;
    count += 1;
  }
  return queue.splice(0, count);
}

function encodeJob(publisher: Publisher, operations: readonly Operation[]): Pick<Job, 'values' | 'bytes'> {
  const { claims } = publisher;
  const values = [
    escapeText(ownerOf(publisher)),
    claims === undefined ? '' : JSON.stringify(claims),
    String(operations.length),
  ];
  for (const operation of operations) values.push(...encodeOperation(operation));
  let bytes = 0;
  for (const value of values) bytes += value.length;
  return { values, bytes };
}
