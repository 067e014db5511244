import type { Attendance } from './attendance.ts';

/** A session that this process attends for as long as somebody holds it. */
export interface Held {
  readonly attendance: Attendance;
  /** Whoever lets go last closes it. */
  readonly release: () => void;
}

/** The sessions that an agent has open, each once however many hold it. */
export interface Sessions {
  /** Rejects where the session can't be opened. `silentMs` and `left` as in `Attendance`; they count for the first holder. */
  hold(session: string, options?: { readonly silentMs?: number }): Promise<Held>;
  readonly open: Iterable<Promise<Attendance>>;
}

export interface SessionsOptions {
  readonly open: (session: string, silentMs: number | undefined) => Promise<Attendance>;
  readonly close: (session: string, attendance: Attendance) => void;
}

export function createSessions({ open, close }: SessionsOptions): Sessions {
  const attended = new Map<string, { readonly opening: Promise<Attendance>; holds: number }>();
  return {
    async hold(session, { silentMs } = {}) {
      const entry = attended.get(session) ?? { opening: open(session, silentMs), holds: 0 };
      attended.set(session, entry);
      entry.holds += 1;
      try {
        const attendance = await entry.opening;
        let isHeld = true;
        return {
          attendance,
          release() {
            if (!isHeld) return;
            isHeld = false;
            entry.holds -= 1;
            if (entry.holds > 0) return;
            attended.delete(session);
            close(session, attendance);
          },
        };
      } catch (error) {
        if (attended.get(session) === entry) attended.delete(session);
        throw error;
      }
    },
    get open() {
      return [...attended.values()].map(({ opening }) => opening);
    },
  };
}
