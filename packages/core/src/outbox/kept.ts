import { SessionError } from '../errors.ts';
import type { OutboxEntry } from './entry.ts';
import type { OutboxStore } from './store.ts';

/** A store whose failures keep nobody from working: what it can't keep lives as long as the page. */
export interface Kept {
  /** What there is; nothing where it can't be read. */
  load(session: string): Promise<readonly OutboxEntry[]>;
  /** Resolves when it is kept, or can't be. */
  put(entry: OutboxEntry): Promise<void>;
  remove(id: string): Promise<void>;
}

export interface KeptOptions {
  /** Called once. */
  readonly onError: ((error: SessionError) => void) | undefined;
  /** What comes before the first call: others must be able to tell whose entries these are. */
  readonly after: Promise<void>;
}

/** A browser can leave a request without an answer. */
const PATIENCE_MS = 5000;

/** One call at a time, in order. */
export function createKept(store: OutboxStore, { onError, after }: KeptOptions): Kept {
  let last: Promise<unknown> = after;
  let isTold = false;

  const tell = (cause: unknown): void => {
    if (isTold) return;
    isTold = true;
    onError?.(
      new SessionError(
        'unavailable',
        `What is not sent can't be kept on this device, and is lost when the page goes: ${String(cause)}`,
        { cause },
      ),
    );
  };
  const inTurn = <T>(work: () => Promise<T>, otherwise: T): Promise<T> => {
    const done = last.then(async () => {
      try {
        return await withPatience(work(), PATIENCE_MS);
      } catch (cause) {
        tell(cause);
        return otherwise;
      }
    });
    last = done;
    return done;
  };

  return {
    load: (session) => inTurn(() => store.load(session), []),
    put: (entry) => inTurn(() => store.put(entry), undefined),
    remove: (id) => inTurn(() => store.remove(id), undefined),
  };
}

async function withPatience<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
