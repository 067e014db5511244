import { ChannelError } from '@holdfast/channel';
import type { Operation, Receipt } from '@holdfast/channel';

/** Sends one batch of operations, and again if need be, until there is an answer. */
export type SendBatch = (operations: readonly Operation[]) => Promise<readonly Receipt[]>;

/** One publisher's operations on one channel, in the order in which they were asked for (I1). */
export type PublishQueue = (operations: readonly Operation[]) => Promise<readonly Receipt[]>;

interface Batch {
  readonly operations: Operation[];
  /** Where in the call they begin. */
  readonly first: number;
  /** Repeating it is harmless only while nothing later has taken effect. */
  readonly rewrites: boolean;
}

interface Job extends Batch {
  /** All batches of the call. */
  readonly call: readonly Batch[];
  readonly resolve: (receipts: readonly Receipt[]) => void;
  readonly reject: (error: unknown) => void;
}

const MAX_IN_FLIGHT = 64;

/**
 * After a broken connection everything in flight is sent again. Creates, appends and annotations may be repeated in their
 * order, however many of them had taken effect. Updates and deletes may not: an append from before an update would be
 * refused after it. So an update or delete is in flight alone.
 */
export function createPublishQueue(send: SendBatch): PublishQueue {
  let waiting: Job[] = [];
  let inFlight = 0;
  let rewriting = false;

  const run = async (job: Job): Promise<void> => {
    inFlight += 1;
    rewriting = job.rewrites;
    try {
      job.resolve(await send(job.operations));
    } catch (error) {
      // What follows a refused operation in the same call is not tried.
      waiting = waiting.filter(({ call }) => call !== job.call);
      job.reject(inCall(error, job.first));
    }
    inFlight -= 1;
    // One that rewrites had nothing in flight beside it.
    rewriting = false;
    pump();
  };

  const pump = (): void => {
    for (let [next] = waiting; next; [next] = waiting) {
      if (rewriting || inFlight >= MAX_IN_FLIGHT || (next.rewrites && inFlight > 0)) return;
      waiting.shift();
      void run(next);
    }
  };

  return async (operations) => {
    const call = split(operations);
    const answers = call.map(
      (batch) =>
        new Promise<readonly Receipt[]>((resolve, reject) => {
          waiting.push({ ...batch, call, resolve, reject });
        }),
    );
    pump();
    return (await Promise.all(answers)).flat();
  };
}

/** Runs of operations that can be repeated, and each other one alone. */
function split(operations: readonly Operation[]): readonly Batch[] {
  const batches: Batch[] = [];
  for (const [first, operation] of operations.entries()) {
    // What is no operation is for the gateway to refuse.
    const rewrites = ['update', 'delete'].includes(operation?.action);
    const last = batches.at(-1);
    if (last && !last.rewrites && !rewrites) last.operations.push(operation);
    else batches.push({ operations: [operation], first, rewrites });
  }
  return batches;
}

/** The gateway counts from the start of a batch, the caller from the start of the call. */
function inCall(error: unknown, first: number): unknown {
  if (!(error instanceof ChannelError && error.path)) return error;
  const recount = (text: string): string =>
    text.replace(/^operations\[(\d+)/, (_, index) => `operations[${Number(index) + first}`);
  return new ChannelError(error.code, recount(error.message), { path: recount(error.path) });
}
