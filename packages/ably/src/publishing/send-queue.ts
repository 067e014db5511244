import type { AppendOperation, ChannelError, CreateOperation, Operation, Receipt } from '@holdfast/channel';

/** What goes out as one: a create or a batch of them, several appends to one message, or another operation. */
export type Sending =
  | { readonly kind: 'create'; readonly operations: readonly CreateOperation[] }
  | { readonly kind: 'append'; readonly operations: readonly AppendOperation[] }
  | { readonly kind: 'other'; readonly operation: Exclude<Operation, CreateOperation | AppendOperation> };

export interface SendQueueOptions {
  /** Resolves when this many messages may go out; what comes meanwhile may still be joined. */
  readonly admit: (count: number) => Promise<void>;
  /** Sends; resolves with a receipt for each operation. */
  readonly send: (sending: Sending) => Promise<readonly Receipt[]>;
}

/** One publisher's operations on one channel, in the order in which they were asked for (I1). */
export interface SendQueue {
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

interface Step {
  readonly job: Job;
  readonly sending: Sending;
}

/**
 * Creates go out one after the other without waiting for answers: Ably keeps their order. Everything else is in flight
 * alone. The client doesn't keep the order between a publish and an append, Ably's rollup lets a publish overtake an append
 * that it holds, and an append whose outcome is unknown must be mended before anything follows it (P12). Appends that wait
 * meanwhile go out as one.
 */
export function createSendQueue({ admit, send }: SendQueueOptions): SendQueue {
  let waiting: Step[] = [];
  let inFlight: Sending['kind'] | undefined;
  let flying = 0;
  let admitting = false;

  const run = async (steps: readonly Step[], sending: Sending): Promise<void> => {
    inFlight = sending.kind;
    flying += 1;
    try {
      const receipts = await send(sending);
      let at = 0;
      for (const { job, sending: own } of steps) {
        const count = own.kind === 'other' ? 1 : own.operations.length;
        job.receipts.push(...receipts.slice(at, at + count));
        at += count;
        job.left -= 1;
        if (job.left === 0) job.resolve(job.receipts);
      }
    } catch (error) {
      const jobs = new Set(steps.map(({ job }) => job));
      // What follows a refused operation in the same call is not tried.
      waiting = waiting.filter(({ job }) => !jobs.has(job));
      for (const job of jobs) job.reject(error);
    } finally {
      flying -= 1;
      void pump();
    }
  };

  const blocked = (): boolean => {
    const [next] = waiting;
    if (next === undefined) return true;
    return flying > 0 && !(inFlight === 'create' && next.sending.kind === 'create');
  };

  const pump = async (): Promise<void> => {
    if (admitting) return;
    admitting = true;
    while (!blocked()) {
      const [first] = waiting;
      await admit(first?.sending.kind === 'create' ? first.sending.operations.length : 1);
      const taken = take(waiting);
      if (taken === undefined) break;
      waiting = waiting.slice(taken.steps.length);
      void run(taken.steps, taken.sending);
    }
    admitting = false;
  };

  return {
    publish(operations) {
      return new Promise((resolve, reject) => {
        const sendings = split(operations);
        const job: Job = { receipts: [], left: sendings.length, resolve, reject };
        waiting.push(...sendings.map((sending) => ({ job, sending })));
        void pump();
      });
    },
    fail(error) {
      for (const { job } of waiting) job.reject(error);
      waiting = [];
    },
  };
}

/** The next step, with the appends behind it that go on where it ends. */
function take(
  waiting: readonly Step[],
): { readonly steps: readonly Step[]; readonly sending: Sending } | undefined {
  const [first] = waiting;
  if (first === undefined) return undefined;
  if (first.sending.kind !== 'append') return { steps: [first], sending: first.sending };
  const steps: Step[] = [];
  const operations: AppendOperation[] = [];
  for (const step of waiting) {
    if (step.sending.kind !== 'append' || !follows(operations.at(-1), step.sending.operations[0])) break;
    steps.push(step);
    operations.push(...step.sending.operations);
  }
  return { steps, sending: { kind: 'append', operations } };
}

function follows(last: AppendOperation | undefined, next: AppendOperation | undefined): boolean {
  if (last === undefined || next === undefined) return true;
  return last.serial === next.serial && last.offset + last.data.length === next.offset;
}

/** An array of creates goes out as a whole, since it takes effect as a whole. */
function split(operations: readonly Operation[]): readonly Sending[] {
  const creates = operations.filter((operation) => operation.action === 'create');
  if (creates.length === operations.length) return [{ kind: 'create', operations: creates }];
  return operations.map((operation) => {
    switch (operation.action) {
      case 'create':
        return { kind: 'create', operations: [operation] };
      case 'append':
        return { kind: 'append', operations: [operation] };
      default:
        return { kind: 'other', operation };
    }
  });
}
