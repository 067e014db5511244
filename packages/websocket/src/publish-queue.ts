import { ChannelError, isChannelError } from '@holdfast/channel';
import type { Operation, Receipt } from '@holdfast/channel';

/** Sends one batch of operations, and again if need be, until there is an answer. */
export type SendBatch = (operations: readonly Operation[]) => Promise<readonly Receipt[]>;

/** One publisher's operations on one channel, in the order in which they were asked for (I1). */
export interface PublishQueue {
  publish(operations: readonly Operation[]): Promise<readonly Receipt[]>;
  /** Refuses what has not been sent. */
  fail(error: ChannelError): void;
}

interface Job {
  readonly receipts: Receipt[];
  left: number;
  readonly resolve: (receipts: readonly Receipt[]) => void;
  readonly reject: (error: unknown) => void;
}

interface Batch {
  readonly job: Job;
  readonly operations: readonly Operation[];
  /** Repeating it is harmless only while nothing later has taken effect. */
  readonly rewrites: boolean;
}

const MAX_IN_FLIGHT = 64;

/**
 * After a broken connection everything in flight is sent again. Creates, appends and annotations may be repeated in their
 * order, however many of them had taken effect. Updates and deletes may not: an append from before an update would be
 * refused after it. So an update or delete is in flight alone.
 */
export function createPublishQueue(send: SendBatch): PublishQueue {
  let waiting: Batch[] = [];
  let inFlight = 0;
  let rewriting = false;

  const run = async (batch: Batch): Promise<void> => {
    const { job } = batch;
    inFlight += 1;
    rewriting = batch.rewrites;
    try {
      job.receipts.push(...(await send(batch.operations)));
      job.left -= 1;
      if (job.left === 0) job.resolve(job.receipts);
    } catch (error) {
      // What follows a refused operation in the same call is not tried.
      waiting = waiting.filter((other) => other.job !== job);
      job.reject(
        isChannelError(error) ? error : new ChannelError('internal', 'Publishing failed.', { cause: error }),
      );
    } finally {
      inFlight -= 1;
      if (batch.rewrites) rewriting = false;
      pump();
    }
  };

  const pump = (): void => {
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      if (rewriting || inFlight >= MAX_IN_FLIGHT || (next.rewrites && inFlight > 0)) return;
      waiting.shift();
      void run(next);
    }
  };

  return {
    publish(operations) {
      return new Promise((resolve, reject) => {
        const lists = split(operations);
        const job: Job = { receipts: [], left: lists.length, resolve, reject };
        for (const list of lists) waiting.push({ job, operations: list, rewrites: list.some(isRewrite) });
        pump();
      });
    },
    fail(error) {
      for (const { job } of waiting) job.reject(error);
      waiting = [];
    },
  };
}

function isRewrite({ action }: Operation): boolean {
  return action === 'update' || action === 'delete';
}

/** Runs of operations that can be repeated, and each other one alone. */
function split(operations: readonly Operation[]): readonly (readonly Operation[])[] {
  const lists: Operation[][] = [];
  let open = false;
  for (const operation of operations) {
    const rewrites = isRewrite(operation);
    const last = lists.at(-1);
    if (last !== undefined && open && !rewrites) last.push(operation);
    else lists.push([operation]);
    open = !rewrites;
  }
  return lists;
}
