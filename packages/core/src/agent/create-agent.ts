import type { Agent, AgentOptions } from '../agent.ts';
import type { RunId } from '../ids.ts';
import { watchAudience } from './attention/audience.ts';
import { checkPolicy } from './attention/policy.ts';
import { watchUnattended } from './attention/unattended.ts';
import { watchDevices, type PresentAgent } from './decisions/devices.ts';
import { restOf } from './decisions/rest.ts';
import { isOverdue } from './decisions/take-up.ts';
import { checkLimits } from './delegation/limits.ts';
import { driveRun } from './drive.ts';
import { createHost } from './host.ts';
import { createHandler } from './invocation/handler.ts';

const LEASE_MS = 5_000;
const DRAIN_MS = 10_000;

/**
 * Makes an agent: something that answers the runs of any number of sessions.
 *
 * @throws TypeError for an empty name, a secret that is too short, or limits that nothing could meet
 */
export function createAgent<Chunk, Prompt>(options: AgentOptions<Chunk, Prompt>): Agent {
  const { channels, name, leaseMs = LEASE_MS, whileAnswering = 'queue', onError = logError } = options;
  if (name === '') throw new TypeError('name must be a non-empty string');
  checkLimits(options.delegation);
  const { attention, onUnattended } = options;
  if (typeof attention === 'object') checkPolicy(attention);
  const host = createHost({
    channels,
    name,
    leaseMs,
    whileAnswering,
    answers: options.answers,
    isPresent: true,
    onError,
    open(log) {
      const isWatched = attention !== undefined || onUnattended !== undefined;
      const audience = isWatched ? watchAudience(log.channel) : undefined;
      const unattended =
        onUnattended && audience && watchUnattended(log, audience, guarded(onUnattended, log.channel.name));
      let agentLeft = (_agent: PresentAgent): void => {};
      const devices = watchDevices(log.channel, {
        now: () => performance.now(),
        agentLeft: (agent) => agentLeft(agent),
      });
      const leaving = new AbortController();
      log.subscribe((event) => {
        if (event.kind !== 'closed') return;
        audience?.close();
        devices.close();
      });
      const surroundings = { log, options, leaseMs, audience, devices, leaving: leaving.signal };
      return {
        drive({ run, reject, closing, report }) {
          unattended?.own(run);
          const onAsk = (id: RunId): void => unattended?.asks(id);
          const context = { ...surroundings, closing, report, onAsk };
          return driveRun({ ...context, ...(reject !== undefined && { reject }) }, run);
        },
        isOverdue: (run) => isOverdue(surroundings, run),
        restOf: (run) => restOf(log, run),
        leave: () => leaving.abort(),
        onAgentLeft: (listener) => void (agentLeft = listener),
      };
    },
  });
  const { invocations } = options;
  const handler =
    invocations && createHandler({ ...invocations, agent: name, leaseMs, hold: host.hold, onError });

  /** A hook that fails is reported, and breaks nothing. */
  function guarded<T>(hook: (event: T) => void, session: string): (event: T) => void {
    return (event) => {
      try {
        hook(event);
      } catch (error) {
        onError(error, { session });
      }
    };
  }

  return {
    name,
    async attend(session) {
      await host.hold(session);
    },
    async take(session, run) {
      const { attendance, release } = await host.hold(session);
      try {
        return { taken: await attendance.take(run) };
      } finally {
        release();
      }
    },
    listen: (how = {}) => host.listen(how),
    async handle(request, how = {}) {
      if (handler === undefined) throw new TypeError('handle() needs the option invocations, with a secret');
      return handler(request, how);
    },
    close: ({ drainMs = DRAIN_MS } = {}) => host.close({ drainMs }),
  };
}

function logError(
  error: unknown,
  { session, run }: { readonly session: string; readonly run?: RunId },
): void {
  console.error(`holdfast: session ${session}, run ${run ?? '–'}:`, error);
}
