import type { Agent, AgentOptions } from '../agent.ts';
import type { RunId } from '../ids.ts';
import { openSessionLog } from '../log/session-log.ts';
import { createProjection } from '../projection/projection.ts';
import { checkSessionName } from '../session/name.ts';
import { attendSession, type Attendance } from './attendance.ts';

const LEASE_MS = 5_000;
const DRAIN_MS = 10_000;

/**
 * Makes an agent: something that answers the runs of any number of sessions.
 *
 * @throws TypeError for an empty name
 */
export function createAgent<Chunk, Prompt>(options: AgentOptions<Chunk, Prompt>): Agent {
  const { channels, name, leaseMs = LEASE_MS } = options;
  if (name === '') throw new TypeError('name must be a non-empty string');
  const { onError = logError } = options;
  const closing = new AbortController();
  const attended = new Map<string, Promise<Attendance>>();
  let isOpen = true;

  const open = async (session: string): Promise<Attendance> => {
    const channel = channels.channel(session);
    const log = openSessionLog(channel, createProjection());
    try {
      await log.ready;
    } catch (error) {
      attended.delete(session);
      throw error;
    }
    // Whoever looks at the session sees that its agent is there; it answers all the same where presence is not allowed.
    channel.presence.enter({ agent: name }).catch(() => {});
    const report = (error: unknown, run: RunId): void => onError(error, { session, run });
    return attendSession({ log, options, leaseMs, closing: closing.signal, report });
  };
  const attend = (session: string): Promise<Attendance> => {
    checkSessionName(session);
    if (!isOpen) throw new TypeError('The agent was closed.');
    const attendance = attended.get(session) ?? open(session);
    attended.set(session, attendance);
    return attendance;
  };

  return {
    name,
    async attend(session) {
      await attend(session);
    },
    async take(session, run) {
      const attendance = await attend(session);
      return { taken: await attendance.take(run) };
    },
    async close({ drainMs = DRAIN_MS } = {}) {
      if (!isOpen) return;
      isOpen = false;
      const attendances = (await Promise.allSettled(attended.values())).flatMap((result) =>
        result.status === 'fulfilled' ? [result.value] : [],
      );
      const timer = setTimeout(() => closing.abort(), drainMs);
      await Promise.all(attendances.map((attendance) => attendance.drain()));
      clearTimeout(timer);
      for (const attendance of attendances) attendance.close();
      const leaving = [...attended.keys()].map((session) => channels.channel(session).presence.leave());
      await Promise.allSettled(leaving);
    },
  };
}

function logError(
  error: unknown,
  { session, run }: { readonly session: string; readonly run?: RunId },
): void {
  console.error(`holdfast: session ${session}, run ${run ?? '–'}:`, error);
}
