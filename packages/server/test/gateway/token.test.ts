import { decodeJwt } from 'jose';
import { expect, it } from 'vitest';
import { allows } from '../../src/gateway/capabilities.ts';
import { createAllowance } from '../../src/gateway/allowance.ts';
import { issueToken, verifyTokens } from '../../src/token.ts';
import { SECRET } from './open-gateway.ts';

const request = {} as Parameters<ReturnType<typeof verifyTokens>>[1];
const capabilities = { 'support-42': ['publish'], 'support-42:open:*': ['*'] } as const;

it('a token says who its bearer is, what is vouched for, what it may do and until when', async () => {
  const before = Math.floor(Date.now() / 1000);
  const claims = { role: 'staff', team: { id: 7 } };
  const token = await issueToken({ secret: SECRET, clientId: 'ada', claims, capabilities, ttl: 60 });
  const { expires, ...identity } = await verifyTokens({ secret: SECRET })(token, request);
  expect(identity).toEqual({ clientId: 'ada', claims, capabilities });
  expect(expires).toBeGreaterThanOrEqual((before + 60) * 1000);
  expect(decodeJwt(token)).toMatchObject({ sub: 'ada' });
});

it('a token may be anonymous', async () => {
  const token = await issueToken({ secret: SECRET, capabilities, ttl: 60 });
  expect(await verifyTokens({ secret: SECRET })(token, request)).not.toHaveProperty('clientId');
});

it('a token has expired when its time has passed, and no earlier', async () => {
  const token = await issueToken({ secret: SECRET, capabilities, ttl: 60 });
  const verifyAt = (now: number) => verifyTokens({ secret: SECRET, now: () => now })(token, request);
  await verifyAt(Date.now() + 59_000);
  await expect(verifyAt(Date.now() + 62_000)).rejects.toMatchObject({
    code: 'unauthenticated',
    path: 'token.exp',
  });
});

it('while a secret takes the place of another, both are good', async () => {
  const next = 'the next secret, which is just as long as the old one';
  const both = verifyTokens({ secret: [next, SECRET] });
  for (const secret of [SECRET, next])
    expect(await both(await issueToken({ secret, capabilities, ttl: 60 }), request)).toMatchObject({
      capabilities,
    });
  const third = await issueToken({
    secret: 'a third secret that is nowhere among these two',
    capabilities,
    ttl: 60,
  });
  await expect(both(third, request)).rejects.toMatchObject({ code: 'unauthenticated', path: 'token' });
});

it.each<[string, () => unknown, string]>([
  ['a short secret', () => issueToken({ secret: 'short', capabilities, ttl: 60 }), '32'],
  ['a short secret among others', () => verifyTokens({ secret: [SECRET, 'short'] }), '32'],
  ['no secret', () => verifyTokens({ secret: [] }), 'secret'],
  ['no time', () => issueToken({ secret: SECRET, capabilities, ttl: 0 }), 'ttl'],
  [
    'an operation that is none',
    () => issueToken({ secret: SECRET, capabilities: { c: ['fly' as '*'] }, ttl: 60 }),
    'capabilities',
  ],
])('I9 %s is a mistake', async (_, act, word) => {
  await expect(Promise.resolve().then(act)).rejects.toSatisfy(
    (error) => error instanceof TypeError && error.message.includes(word),
  );
});

it('P32 capabilities fit a name, what begins with a prefix, or everything', () => {
  expect(allows(capabilities, 'support-42', 'publish')).toBe(true);
  expect(allows(capabilities, 'support-42', 'history')).toBe(false);
  expect(allows(capabilities, 'support-421', 'publish')).toBe(false);
  expect(allows(capabilities, 'support-42:open:r1', 'history')).toBe(true);
  expect(allows(capabilities, 'support-42:staff', 'publish')).toBe(false);
  expect(allows({ '*': ['presence'] }, 'anything', 'presence')).toBe(true);
  expect(allows({ '*': ['presence'], a: ['*'] }, 'a', 'annotate')).toBe(true);
  expect(allows({}, 'a', 'publish')).toBe(false);
});

it('an allowance grows with time up to a burst, and may be spent in advance for a while', () => {
  let now = 0;
  const allowance = createAllowance({ perSecond: 10, burst: 20, maxWaitMs: 500, now: () => now });
  expect(allowance.reserve(20)).toBe(0);
  expect(allowance.reserve(1)).toBe(100);
  expect(allowance.reserve(4)).toBe(500);
  expect(allowance.reserve(1)).toBeUndefined();
  now = 100;
  expect(allowance.reserve(1)).toBe(500);
  now = 100_000;
  expect(allowance.reserve(20)).toBe(0);
  expect(allowance.reserve(6)).toBeUndefined();
});
