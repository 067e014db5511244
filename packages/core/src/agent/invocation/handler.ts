import type { RunId } from '../../ids.ts';
import type { Held } from '../sessions.ts';
import { listOf, type Invocation, type VerifyInvocationOptions } from './invocation.ts';
import { InvocationError } from './invocation-error.ts';
import { checkSecret } from './jws.ts';
import { createNonces, type UseNonce } from './nonces.ts';
import { readRequest } from './read-request.ts';
import { serveInvocation } from './serve-invocation.ts';

/** Who may start an agent by a request. */
export interface InvocationOptions extends Pick<VerifyInvocationOptions, 'secret' | 'now'> {
  /**
   * Says whether a nonce is used for the first time. Default: as far as this process has seen; give it a store that all
   * processes share to have each invocation used once altogether. (One that is used twice starts nothing twice: a run is taken
   * once.)
   */
  readonly useNonce?: UseNonce;
}

export interface HandleOptions {
  /** Keeps the process alive for what the request has started; the request is then answered at once. */
  readonly waitUntil?: (work: Promise<unknown>) => void;
}

export interface HandlerOptions extends InvocationOptions {
  readonly agent: string;
  readonly leaseMs: number;
  readonly hold: (session: string) => Promise<Held>;
  readonly onError: (error: unknown, where: { readonly session: string; readonly run?: RunId }) => void;
}

export function createHandler(
  options: HandlerOptions,
): (request: Request, how: HandleOptions) => Promise<Response> {
  const { agent, leaseMs, hold, onError, secret, now = Date.now, useNonce = createNonces(now) } = options;

  const secrets = listOf(secret);
  if (secrets.length === 0) throw new TypeError('secret must not be an empty list');
  secrets.forEach(checkSecret);

  const work = async (invocation: Invocation): Promise<string> => {
    const { attendance, release } = await hold(invocation.session);
    try {
      await serveInvocation(attendance, invocation, leaseMs);
      return attendance.log.projection.run(invocation.run)?.status ?? 'unknown';
    } finally {
      release();
    }
  };

  return async (request, { waitUntil }) => {
    let invocation: Invocation;
    try {
      invocation = await readRequest(request, { secret, agent, now }, useNonce);
    } catch (error) {
      if (error instanceof InvocationError) return refusal(error.status, error.code, error.message);
      throw error;
    }
    const { session, run } = invocation;
    const done = work(invocation);
    if (waitUntil !== undefined) {
      waitUntil(done.catch((error: unknown) => onError(error, { session, run })));
      return Response.json({ session, run }, { status: 202 });
    }
    try {
      return Response.json({ session, run, status: await done });
    } catch (error) {
      onError(error, { session, run });
      return refusal(503, 'unavailable', 'The session could not be opened.');
    }
  };
}

function refusal(status: number, code: string, message: string): Response {
  return Response.json({ error: { code, message } }, { status });
}
