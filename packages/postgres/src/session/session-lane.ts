import { isChannelError, type ChannelError, type Operation } from '@holdfast/channel';
import type { Outcome, Publisher } from '@holdfast/channel/engine';
import { toChannelError } from '../connection/errors.ts';
import type { Head } from '../storage/store.ts';
import type { Job, Result } from './plan.ts';

/** Does a session's work, one thing after the other. */
export interface SessionWork {
  readonly head: Head | undefined;
  /** Reads what others have stored. */
  sync(): Promise<void>;
  /** Stores what jobs ask for, as one. */
  store(jobs: readonly Job[]): Promise<readonly Result[]>;
}

interface Waiting extends Job {
  readonly resolve: (outcomes: readonly Outcome[]) => void;
  readonly reject: (error: ChannelError) => void;
}

interface Syncing {
  readonly resolve: () => void;
  readonly reject: (error: ChannelError) => void;
}

/** How many calls one transaction takes at most. */
const GROUP = 1000;

/**
 * One session's queue in this process. What arrives while a transaction runs, or in one turn of the event loop, shares
 * the next one.
 */
export class SessionLane {
  readonly #work: SessionWork;
  #jobs: Waiting[] = [];
  #syncs: Syncing[] = [];
  #running: Promise<void> | undefined;

  constructor(work: SessionWork) {
    this.#work = work;
  }

  get isIdle(): boolean {
    return this.#running === undefined;
  }

  get head(): Head | undefined {
    return this.#work.head;
  }

  commit(publisher: Publisher, operations: readonly Operation[]): Promise<readonly Outcome[]> {
    return new Promise((resolve, reject) => {
      this.#jobs.push({ publisher, operations, resolve, reject });
      this.#start();
    });
  }

  /** Resolves when this process knows what was stored before the call. */
  sync(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#syncs.push({ resolve, reject });
      this.#start();
    });
  }

  /** Somebody says that the session stands there. */
  notice({ epoch, tick }: Head): void {
    const { head } = this.#work;
    if (head !== undefined && head.epoch === epoch && head.tick >= tick) return;
    // What fails is noticed again: heads are compared all the time.
    if (this.#syncs.length === 0) this.sync().catch(() => {});
  }

  /** Resolves when nothing is left to do. */
  async finish(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  #start(): void {
    this.#running ??= new Promise<void>((resolve) => setImmediate(resolve)).then(() => this.#run());
  }

  async #run(): Promise<void> {
    while (this.#jobs.length > 0 || this.#syncs.length > 0) {
      await this.#runSyncs(this.#syncs.splice(0));
      await this.#runJobs(this.#jobs.splice(0, GROUP));
    }
    // In the turn in which there was nothing left: what comes next starts anew.
    this.#running = undefined;
  }

  async #runSyncs(waiting: readonly Syncing[]): Promise<void> {
    if (waiting.length === 0) return;
    try {
      await this.#work.sync();
      for (const { resolve } of waiting) resolve();
    } catch (error) {
      for (const { reject } of waiting) reject(toChannelError(error));
    }
  }

  async #runJobs(waiting: readonly Waiting[]): Promise<void> {
    if (waiting.length === 0) return;
    try {
      const results = await this.#work.store(waiting);
      for (const [index, job] of waiting.entries()) {
        const result = results[index];
        if (result === undefined || isChannelError(result)) job.reject(toChannelError(result));
        else job.resolve(result);
      }
    } catch (cause) {
      const error = toChannelError(cause);
      // What Postgres refuses it refuses to everybody; any other fault may be one job's, which then fails by itself.
      if (error.retryable || error.code === 'closed' || waiting.length === 1)
        for (const job of waiting) job.reject(error);
      else for (const job of waiting) await this.#runJobs([job]);
    }
  }
}
