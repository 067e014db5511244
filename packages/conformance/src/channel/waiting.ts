import { LawViolation } from '../law/violation.ts';

export interface Wait {
  /** Whether it has happened. What it throws ends the wait. */
  readonly ready: () => boolean;
  /** Functions to call whenever something has changed. */
  readonly wake: Set<() => void>;
  /** Milliseconds after which it counts as not happening. */
  readonly patience: number;
  readonly what: string;
}

/** The result of `promise`, or a violation after `patience` milliseconds. */
export async function within<T>(promise: Promise<T>, patience: number, what: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new LawViolation(`waited in vain for ${what}`)), patience);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Lets everything else run that is ready to, which matters where a backend is in this process. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** Waits for a condition, which is looked at whenever something changed. */
export function waitUntil({ ready, wake, patience, what }: Wait): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = (end: () => void): void => {
      clearTimeout(timer);
      wake.delete(look);
      end();
    };
    const look = (): void => {
      try {
        if (ready()) finish(resolve);
      } catch (error) {
        finish(() => reject(error as Error));
      }
    };
    const timer = setTimeout(
      () => finish(() => reject(new LawViolation(`waited in vain for ${what}`))),
      patience,
    );
    wake.add(look);
    look();
  });
}
