import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A process of its own that answers requests. */
export interface Child<Requests extends RequestMap> {
  ask<Name extends keyof Requests & string>(
    name: Name,
    ...values: Asked<Requests, Name>
  ): Promise<Answer<Requests, Name>>;
  close(): Promise<void>;
}

export type RequestMap = Readonly<Record<string, (value: never) => unknown>>;
type Asked<Requests extends RequestMap, Name extends keyof Requests> = Parameters<Requests[Name]>;
type Answer<Requests extends RequestMap, Name extends keyof Requests> = Awaited<ReturnType<Requests[Name]>>;

interface Asker {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

interface Reply {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** Starts a file of this folder. Its requests are those that it gives to `answerRequests`. */
export function startChild<Requests extends RequestMap>(
  file: string,
  env: Readonly<Record<string, string>>,
): Child<Requests> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), {
    execArgv: ['--expose-gc', '--import', 'tsx'],
    env: { ...process.env, ...env },
  });
  const waiting = new Map<number, Asker>();
  let last = 0;
  child.on('message', ({ id, value, error }: Reply) => {
    const asker = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) asker?.resolve(value);
    else asker?.reject(new Error(`${file}: ${error}`));
  });
  const ended = once(child, 'exit').then(() => {
    for (const { reject } of waiting.values()) reject(new Error(`${file} has ended.`));
  });
  return {
    ask(name, ...[value]) {
      last += 1;
      const id = last;
      child.send({ id, name, value });
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve: (answer) => resolve(answer as never), reject });
      });
    },
    async close() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** In the child: answers what the parent asks. */
export function answerRequests(requests: Readonly<Record<string, (value: never) => unknown>>): void {
  const answer = async (name: string, value: unknown): Promise<unknown> => requests[name]?.(value as never);
  process.once('disconnect', () => process.exit());
  process.on('message', ({ id, name, value }: { id: number; name: string; value: unknown }) => {
    answer(name, value).then(
      (result) => process.send?.({ id, value: result }),
      (error: unknown) => process.send?.({ id, error: String(error) }),
    );
  });
}

/** What a process has used so far. */
export interface Usage {
  readonly cpuMs: number;
  /** What is in use after a garbage collection. */
  readonly liveBytes: number;
  /** What the system counts. */
  readonly residentBytes: number;
}

export function usage(): Usage {
  globalThis.gc?.();
  const { user, system } = process.cpuUsage();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { cpuMs: (user + system) / 1000, liveBytes: heapUsed + external, residentBytes: rss };
}
