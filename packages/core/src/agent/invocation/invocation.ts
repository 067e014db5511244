import { createRandomId } from '@holdfast/channel';
import type { RunId } from '../../ids.ts';
import { checkSessionName } from '../../session/name.ts';
import { InvocationError } from './invocation-error.ts';
import { sign, verify, type Secret } from './jws.ts';

/** What somebody who knows the secret asks an agent to do: one run of one session. */
export interface Invocation {
  readonly session: string;
  readonly run: RunId;
  readonly agent: string;
  /** Whoever signed it has seen that the process which was at the run is lost. */
  readonly lost: boolean;
  readonly nonce: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

export interface SignInvocationOptions extends Pick<Invocation, 'session' | 'run' | 'agent'> {
  /** At least 32 bytes, shared with the agent. */
  readonly secret: Secret;
  /** How long it may be used, in seconds. Default 60. */
  readonly ttl?: number;
  readonly lost?: boolean;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

/**
 * Signs an invocation: a JSON Web Token (HS256) to send to an agent's `handle` as `Authorization: Bearer <token>`. Only for
 * servers, after they have made sure that whoever asks may take part in that session.
 *
 * @throws TypeError for a secret under 32 bytes, a name that is no session's, a `ttl` that is no positive number
 */
export async function signInvocation({
  secret,
  session,
  run,
  agent,
  ttl = 60,
  lost = false,
  now = Date.now,
}: SignInvocationOptions): Promise<string> {
  checkSessionName(session);
  if (run.length === 0 || agent === '') throw new TypeError('run and agent must be non-empty strings');
  if (!(ttl > 0)) throw new TypeError('ttl must be a positive number of seconds');
  const seconds = now() / 1000;
  return sign(
    {
      session,
      run,
      aud: agent,
      jti: createRandomId(),
      iat: Math.floor(seconds),
      exp: Math.ceil(seconds + ttl),
      ...(lost && { lost }),
    },
    secret,
  );
}

export interface VerifyInvocationOptions {
  /** What invocations are signed with; several while one takes the place of another. */
  readonly secret: Secret | readonly Secret[];
  /** The agent that it must be for. */
  readonly agent: string;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

/**
 * What an invocation asks for, if it is good.
 *
 * @throws InvocationError `malformed`, `forged`, `expired`, `forbidden`; TypeError for a secret under 32 bytes
 */
export async function verifyInvocation(
  token: string,
  { secret, agent, now = Date.now }: VerifyInvocationOptions,
): Promise<Invocation> {
  const { session, run, aud, jti, exp, lost = false } = await verify(token, listOf(secret));
  if (
    typeof session !== 'string' ||
    typeof run !== 'string' ||
    run === '' ||
    typeof jti !== 'string' ||
    typeof exp !== 'number' ||
    typeof lost !== 'boolean'
  )
    throw new InvocationError('malformed', 'The token must name session, run, jti and exp.');
  try {
    checkSessionName(session);
  } catch {
    throw new InvocationError('malformed', 'The token names no session.');
  }
  if (aud !== agent) throw new InvocationError('forbidden', 'The token is for another agent.');
  const expires = exp * 1000;
  if (now() >= expires) throw new InvocationError('expired', 'The token has expired.');
  return { session, run: run as string as RunId, agent, lost, nonce: jti, expires };
}

export function listOf(secret: Secret | readonly Secret[]): readonly Secret[] {
  return typeof secret === 'string' || secret instanceof Uint8Array ? [secret] : secret;
}
