import { isObject } from '@holdfast/codec';
import { verifyInvocation, type Invocation, type VerifyInvocationOptions } from './invocation.ts';
import { InvocationError } from './invocation-error.ts';
import type { UseNonce } from './nonces.ts';

const MAX_BODY = 64 << 10;

/**
 * The invocation that a request brings. All that counts is its token; a body is not needed, and one that names another session,
 * run or agent makes the request a forged one.
 *
 * @throws InvocationError
 */
export async function readRequest(
  request: Request,
  options: VerifyInvocationOptions,
  useNonce: UseNonce,
): Promise<Invocation> {
  if (request.method !== 'POST')
    throw new InvocationError('method_not_allowed', 'An invocation is a POST request.');
  const [, token] = /^Bearer\s+(\S+)$/i.exec(request.headers.get('authorization') ?? '') ?? [];
  if (token === undefined)
    throw new InvocationError(
      'unauthenticated',
      'An invocation needs the header Authorization: Bearer <token>.',
    );
  const invocation = await verifyInvocation(token, options);
  const body = await readBody(request);
  for (const name of ['session', 'run', 'agent'] as const)
    if (body[name] !== undefined && body[name] !== invocation[name])
      throw new InvocationError('forbidden', `The body names another ${name} than the token.`);
  if (!(await useNonce(invocation.nonce, invocation.expires)))
    throw new InvocationError('replayed', 'The token was used before.');
  return invocation;
}

async function readBody(request: Request): Promise<Readonly<Record<string, unknown>>> {
  const text = await request.text();
  if (text.trim() === '') return {};
  if (text.length <= MAX_BODY)
    try {
      const body: unknown = JSON.parse(text);
      if (isObject(body)) return body;
    } catch {
      // Said below.
    }
  throw new InvocationError('malformed', 'A body, where there is one, must be a JSON object.');
}
