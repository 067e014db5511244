import type { Operation } from '@holdfast/channel';
import {
  encodeVersion,
  namesOf,
  ownerOf,
  type Below,
  type Outcome,
  type Publisher,
} from '@holdfast/channel/engine';
import { SCRIPTS } from '../scripts/scripts.ts';
import { appendOf, createAppendBatch, type Append } from './append-batch.ts';
import type { Caller } from './caller.ts';
import { encodeEntry } from './encode-entry.ts';
import { encodeOperation } from './encode-operations.ts';
import { decodeOutcome, type OutcomeRow } from './refusals.ts';
import { escapeText } from './text.ts';

/** A script runs alone on its server, so it gets no more than this at once; one job may be longer. */
const MAX_BYTES = 1 << 18;
const MAX_JOBS = 128;

/** What the commit script says of a session that must be joined first. */
const APART = 'apart';

/** A job's outcomes, or where the session stands that it must look below for. */
type JobResult = readonly OutcomeRow[] | string;

interface Job {
  readonly operations: readonly Operation[];
  /** Where it is nothing but one append, which the append script can take as a rule. */
  readonly append: Append | undefined;
  /** As the commit script takes it. */
  readonly values: () => readonly string[];
  readonly bytes: number;
  readonly resolve: (outcomes: readonly Outcome[]) => void;
  readonly reject: (error: unknown) => void;
}

export interface CommitQueueOptions {
  readonly caller: Caller;
  readonly maxMessageBytes: number;
  /** What lies below this engine, where something does. */
  readonly below: () => Below | undefined;
  /** Whether one script may have the keys of several sessions: not on a cluster. */
  readonly spans: boolean;
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

export function createCommitQueue({
  caller,
  below,
  maxMessageBytes,
  retention,
  spans,
}: CommitQueueOptions): CommitQueue {
  const queues = new Map<string, Job[]>();
  const batch = createAppendBatch({ caller, maxMessageBytes, retention, spans });
  const limits = `${maxMessageBytes} ${retention.ageMs} ${retention.bytes}`;

  /** Tells jobs what became of them; returns where the first stands that must look below, if one must. */
  const tell = (jobs: readonly Job[], results: readonly JobResult[]): string | undefined => {
    for (const [index, { operations, resolve }] of jobs.entries()) {
      const rows = results[index] ?? [];
      if (typeof rows === 'string') return rows;
      resolve(rows.map((row) => decodeOutcome(operations, row, maxMessageBytes)));
    }
    return undefined;
  };

  const ask = async (
    channel: string,
    jobs: readonly Job[],
    recalled: readonly string[] = [],
  ): Promise<typeof APART | readonly JobResult[]> => {
    const mark = recalled.length > 0 ? ' +' : '';
    const values = [limits + mark, ...recalled, String(jobs.length)].concat(
      ...jobs.map(({ values }) => values()),
    );
    return (await caller.ask(SCRIPTS.commit, channel, values)) as typeof APART | readonly JobResult[];
  };

  /** Sends jobs, and the first of them again with what it finds below; returns those that are still to be sent. */
  const send = async (channel: string, jobs: readonly Job[]): Promise<readonly Job[]> => {
    const first = jobs.slice(0, 1);
    let recalled: readonly string[] = [];
    let group = jobs;
    for (;;) {
      const results = await ask(channel, group, recalled);
      recalled = [];
      if (results === APART) {
        await below()?.join(channel);
        continue;
      }
      const stand = tell(group, results);
      if (stand === undefined) return jobs.slice(group.length);
      if (results.length > 1) return jobs.slice(results.length - 1);
      group = first;
      recalled = await recall(channel, first, stand);
    }
  };

  const recall = async (channel: string, jobs: readonly Job[], stand: string): Promise<readonly string[]> => {
    const names = namesOf(jobs.flatMap(({ operations }) => operations));
    const entries = (await below()?.recall(channel, names)) ?? [];
    return [stand, String(entries.length)].concat(...entries.map(encodeEntry));
  };

  /** Has the append script take jobs that are for it; returns those that it does not take. */
  const append = async (
    channel: string,
    jobs: readonly Job[],
    appends: readonly Append[],
  ): Promise<readonly Job[]> => {
    const ticks = await batch(channel, appends);
    for (const [index, { operations, resolve }] of jobs.entries()) {
      const tick = ticks[index] ?? 0;
      const [operation] = operations;
      if (tick === 0 || operation?.action !== 'append') return jobs.slice(index);
      resolve([{ ok: true, receipt: { serial: operation.serial, version: encodeVersion(tick) } }]);
    }
    return [];
  };

  const drain = async (channel: string, queue: Job[]): Promise<void> => {
    while (queue.length > 0) {
      const jobs = takeSome(queue);
      try {
        const appends = jobs.flatMap((job) => (job.append === undefined ? [] : [job.append]));
        const rest = appends.length < jobs.length ? jobs : await append(channel, jobs, appends);
        if (rest.length > 0) queue.unshift(...(await send(channel, rest)));
      } catch (error) {
        // Those that were told already don't hear it.
        for (const { reject } of jobs) reject(error);
      }
    }
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
    if (count > 0 && (bytes > MAX_BYTES || count === MAX_JOBS)) break;
    count += 1;
  }
  return queue.splice(0, count);
}

function encodeJob(
  publisher: Publisher,
  operations: readonly Operation[],
): Pick<Job, 'append' | 'values' | 'bytes'> {
  const owner = escapeText(ownerOf(publisher));
  const claims = publisher.claims === undefined ? '' : JSON.stringify(publisher.claims);
  const append = appendOf(owner, operations);
  if (append !== undefined) {
    const [, ...operation] = append;
    return { append, values: () => [owner, claims, '1', 'a', ...operation], bytes: operation[1].length };
  }
  const values = [owner, claims, String(operations.length)];
  for (const operation of operations) values.push(...encodeOperation(operation));
  let bytes = 0;
  for (const value of values) bytes += value.length;
  return { append, values: () => values, bytes };
}
