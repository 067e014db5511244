import { start, type Running } from '../../chat/check/processes.ts';

/** A process that can be killed and started again in the same place. */
export interface Place {
  readonly name: string;
  readonly pid: number | undefined;
  /** Resolves when it is ready; starts nothing where it is already running. */
  start(): Promise<void>;
  /** Resolves with its exit code when it is gone; null where a signal has ended it. */
  kill(signal: NodeJS.Signals): Promise<number | null>;
}

export interface PlaceOptions {
  readonly name: string;
  /** A TypeScript file of the chat example. */
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
  /** What it prints when it is ready. */
  readonly ready: string;
}

export function createPlace({ name, file, env, ready }: PlaceOptions): Place {
  let running: Running | undefined;
  let starting: Promise<void> | undefined;
  const startOnce = async (): Promise<void> => {
    running = await start(file, env, ready);
  };
  return {
    name,
    get pid() {
      return running?.child.pid;
    },
    start() {
      if (isAlive(running)) return Promise.resolve();
      starting ??= startOnce().finally(() => (starting = undefined));
      return starting;
    },
    async kill(signal) {
      await running?.kill(signal);
      return running?.child.exitCode ?? null;
    },
  };
}

function isAlive(running: Running | undefined): boolean {
  return running?.child.exitCode === null && running.child.signalCode === null;
}
