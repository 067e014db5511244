import { signInvocation, verifyInvocation, type RunId } from '@holdfast/core';
import { jwtVerify, SignJWT } from 'jose';
import type { IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import { verifyTokens } from '../../src/token.ts';
import { AGENT } from './agent-name.ts';
import { SECRET, tokenOf } from './token-of.ts';

const KEY = new TextEncoder().encode(SECRET);
const ONE = { secret: SECRET, session: 's1', run: 'r1' as string as RunId, agent: AGENT };

it('an invocation is a JSON Web Token: other libraries sign and read the same', async () => {
  const { payload } = await jwtVerify(await signInvocation(ONE), KEY, { audience: AGENT });
  expect(payload).toMatchObject({ session: 's1', run: 'r1' });
  const token = await new SignJWT({ session: 's1', run: 'r1' })
    .setProtectedHeader({ alg: 'HS256', typ: 'holdfast-invocation+jwt' })
    .setAudience(AGENT)
    .setJti('once')
    .setExpirationTime('1 minute')
    .sign(KEY);
  expect(await verifyInvocation(token, ONE)).toMatchObject({ session: 's1', run: 'r1', nonce: 'once' });
});

it('a token for the gateway starts no agent, and an invocation lets nobody into the gateway', async () => {
  const access = await tokenOf('ada', 'participant', { s1: ['*'] });
  await expect(verifyInvocation(access, ONE)).rejects.toMatchObject({ code: 'malformed' });
  const authenticate = verifyTokens({ secret: SECRET });
  const request = {} as IncomingMessage;
  await expect(
    Promise.resolve().then(async () => authenticate(await signInvocation(ONE), request)),
  ).rejects.toMatchObject({ code: 'unauthenticated' });
});
