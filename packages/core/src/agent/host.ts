import type { Channels } from '@holdfast/channel';
import type { RunId } from '../ids.ts';
import type { Delivery } from '../records.ts';
import { openSessionLog } from '../log/session-log.ts';
import { createProjection } from '../projection/projection.ts';
import { checkSessionName } from '../session/name.ts';
import { inboxOf } from '../wakes/inbox-records.ts';
import type { AgentLog } from './agent-log.ts';
import { attendSession, type Attendance, type AttendanceOptions } from './attendance.ts';
import { openListening, type Listening, type ListenOptions } from './inbox/listen.ts';
import { createSessions, type Held } from './sessions.ts';

export interface Drive {
  readonly run: RunId;
  /** Why the run is to be turned down instead of done. */
  readonly reject: string | undefined;
  /** Aborts when what is under way is to be left to others. */
  readonly closing: AbortSignal;
  readonly report: (error: unknown, run: RunId) => void;
}

/** What a process does in one session. */
export interface SessionWork extends Pick<
  AttendanceOptions,
  'isOverdue' | 'restOf' | 'leave' | 'onAgentLeft'
> {
  /** Does one run; false where it could not be taken. */
  readonly drive: (drive: Drive) => Promise<boolean>;
}

export interface HostOptions {
  readonly channels: Channels;
  /** Of the agent. */
  readonly name: string;
  readonly leaseMs: number;
  readonly whileAnswering: Delivery;
  readonly answers?: 'all' | 'addressed' | undefined;
  /** Members of a session see that its agent is there. */
  readonly isPresent: boolean;
  readonly onError: (error: unknown, where: { readonly session: string; readonly run?: RunId }) => void;
  /** Prepares a session. */
  readonly open: (log: AgentLog) => SessionWork;
}

/** One process of an agent: the sessions that it attends, and its place at the inbox. */
export interface Host {
  readonly hold: (session: string, options?: { readonly silentMs?: number }) => Promise<Held>;
  listen(options: ListenOptions): Promise<void>;
  close(options: { readonly drainMs: number }): Promise<void>;
}

const IDLE_MS = 30_000;
const SESSIONS = 400;

export function createHost(options: HostOptions): Host {
  const { channels, name, leaseMs, whileAnswering, answers, isPresent, onError } = options;
  /** One for each run under way: very many listeners on one signal are taken for a leak. */
  const closers = new Set<AbortController>();
  let listening: Listening | undefined;
  let isOpen = true;

  const leave = (session: string): Promise<void> =>
    isPresent ? channels.channel(session).presence.leave() : Promise.resolve();
  const sessions = createSessions({
    async open(session, silentMs = 0) {
      const channel = channels.channel(session);
      const log = openSessionLog(channel, createProjection());
      await log.ready;
      // Whoever looks at the session sees that its agent is there; it answers all the same where presence is not allowed.
      if (isPresent) channel.presence.enter({ agent: name }).catch(() => {});
      const report = (error: unknown, run: RunId): void => onError(error, { session, run });
      const { drive: doRun, ...rest } = options.open(log);
      const drive = async (run: RunId, reject?: string): Promise<boolean> => {
        const closer = new AbortController();
        closers.add(closer);
        try {
          return await doRun({ run, reject, closing: closer.signal, report });
        } finally {
          closers.delete(closer);
        }
      };
      const yieldMs = (): number => listening?.yieldMs(session) ?? 0;
      const how = { name, leaseMs, whileAnswering, answers, silentMs, yieldMs };
      return attendSession({ log, ...how, report, ...rest, drive });
    },
    close(session, attendance) {
      attendance.close();
      leave(session).catch(() => {});
    },
  });
  const checkOpen = (): void => {
    if (!isOpen) throw new TypeError('The agent was closed.');
  };
  const hold: Host['hold'] = async (session, how) => {
    checkSessionName(session);
    checkOpen();
    return sessions.hold(session, how);
  };

  return {
    hold,
    async listen({ idleMs = IDLE_MS, sessions: limit = SESSIONS }) {
      checkOpen();
      listening ??= openListening({
        channel: channels.channel(inboxOf(name)),
        agent: name,
        leaseMs,
        idleMs,
        sessions: limit,
        hold,
        report: (error, session) => onError(error, { session }),
      });
      await listening.ready;
    },
    async close({ drainMs }) {
      if (!isOpen) return;
      isOpen = false;
      listening?.stop();
      const open = (await Promise.allSettled(sessions.open)).flatMap((result) =>
        result.status === 'fulfilled' ? [result.value] : [],
      );
      const left = new Map<string, readonly RunId[]>();
      const timer = setTimeout(() => {
        for (const { log, underWay } of open) left.set(log.channel.name, underWay);
        for (const closer of closers) closer.abort();
      }, drainMs);
      await Promise.all(open.map((attendance) => attendance.drain()));
      clearTimeout(timer);
      await listening?.close(left);
      await Promise.allSettled(open.map(shut));
    },
  };

  async function shut(attendance: Attendance): Promise<void> {
    attendance.close();
    await leave(attendance.log.channel.name);
  }
}
