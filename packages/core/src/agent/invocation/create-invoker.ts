import type { Channels } from '@holdfast/channel';
import { abortable } from '../../abortable.ts';
import type { RunId } from '../../ids.ts';
import { until } from '../../log/until-change.ts';
import type { Run } from '../../snapshot.ts';
import type { AgentLog } from '../agent-log.ts';
import { hasExpired, restOf } from '../decisions/rest.ts';
import { createHost } from '../host.ts';
import type { ListenOptions } from '../inbox/listen.ts';
import { signInvocation } from './invocation.ts';
import { checkSecret, type Secret } from './jws.ts';

export interface InvokerOptions {
  /** Its connection must be an agent's: `claims.role` is `agent`. In a gateway's process: `createEngineChannels(engine, …)`. */
  readonly channels: Channels;
  /** The agent to invoke. */
  readonly agent: string;
  /** Where its `handle` answers. */
  readonly url: string | URL;
  /** As the agent has it in `invocations`. */
  readonly secret: Secret;
  /** As the agent's. Default 5000. */
  readonly leaseMs?: number;
  /** As the agent's. Default `all`. */
  readonly answers?: 'all' | 'addressed';
  /** Default: the global one. */
  readonly fetch?: (url: string | URL, init: RequestInit) => Promise<Response>;
  /** Told of every failure; what failed is tried again, later each time. Default: `console.error`. */
  readonly onError?: (error: unknown, where: { readonly session: string; readonly run?: RunId }) => void;
}

/** Starts an agent that has no process of its own. */
export interface Invoker {
  /** Invokes the agent for whatever comes to its inbox. Any number of invokers may listen. */
  listen(options?: ListenOptions): Promise<void>;
  close(): Promise<void>;
}

const LEASE_MS = 5_000;
/** Leases within which an agent that was invoked takes the run. */
const PATIENCE = 2;

/**
 * Listens at an agent's inbox and sends it a signed request for each run: when it is asked for, when somebody has given what it
 * waited for, and again when its process is lost. What the agent does is seen in the session, not in its response.
 *
 * @throws TypeError for a secret that is too short
 */
export function createInvoker(options: InvokerOptions): Invoker {
  const { channels, agent, url, secret, leaseMs = LEASE_MS, fetch = globalThis.fetch } = options;
  checkSecret(secret);
  const onError = options.onError ?? ((error, where) => console.error('holdfast: invoking', where, error));

  const invoke = async (log: AgentLog, run: Run, closing: AbortSignal): Promise<void> => {
    const session = log.channel.name;
    const isAtWork = run.status === 'active' || run.status === 'cancelling';
    const lost = isAtWork && !log.projection.isResting(run.id);
    const token = await signInvocation({ secret, session, run: run.id, agent, lost });
    const response = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      signal: closing,
    });
    if (!response.ok) throw new Error(`The agent answered ${response.status}: ${await response.text()}`);
    await response.body?.cancel();
  };

  const host = createHost({
    channels,
    name: agent,
    leaseMs,
    whileAnswering: 'queue',
    answers: options.answers,
    isPresent: false,
    onError,
    open: (log) => ({
      isOverdue: (run) => hasExpired(log, run),
      restOf: (run) => ({ ...restOf(log, run), hasDevice: false }),
      async drive({ run: id, closing, report }) {
        const run = log.projection.run(id);
        if (run === undefined) return false;
        const isTaken = (): boolean => {
          const now = log.projection.run(id);
          return now === undefined || now.status !== run.status || now.attempts !== run.attempts;
        };
        const taken = until(log, isTaken, closing);
        // Without `waitUntil` the response comes when all is done, long after the run was taken.
        const failed = invoke(log, run, closing).then(
          () => timeout(PATIENCE * leaseMs, closing),
          (error: unknown) => {
            if (!isTaken()) throw error;
            if (!closing.aborted) report(error, id);
          },
        );
        await Promise.race([taken, failed]);
        return isTaken();
      },
    }),
  });
  return {
    listen: (how = {}) => host.listen(how),
    close: () => host.close({ drainMs: 0 }),
  };
}

async function timeout(ms: number, signal: AbortSignal): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    await abortable(new Promise<void>((resolve) => (timer = setTimeout(resolve, ms))), signal);
  } finally {
    clearTimeout(timer);
  }
}
