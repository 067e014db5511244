import { createAgent, createInvoker, signInvocation, verifyInvocation, watchHealth } from '@holdfast/core';
import type { AgentOptions, RunId, SignInvocationOptions } from '@holdfast/core';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { createTap, ended, until } from '../scene.ts';
import { said, textCodec, textOf, type TextChunk } from '../text-codec.ts';
import { AGENT, createCrowd, type Crowd } from './crowd.ts';

const SECRET = 'a secret that only servers know, of 32 bytes or more';
const RUN = 'run-1' as string as RunId;
const ONE = { secret: SECRET, session: 'mine', run: RUN, agent: AGENT } as const;

async function* say(text: string): AsyncGenerator<TextChunk> {
  yield { type: 'text', text };
}

type Handler = AgentOptions<TextChunk, readonly string[]>['run'];

/** An agent that has no process: whoever sends it a request gets what it answers. */
function serverless(crowd: Crowd, run: Handler, name = 'function') {
  const agent = createAgent({
    channels: crowd.connect(name, 'agent'),
    name: AGENT,
    codec: textCodec,
    run,
    leaseMs: 300,
    invocations: { secret: SECRET },
    onError() {},
  });
  onTestFinished(() => agent.close({ drainMs: 0 }));
  return agent;
}

const post = (token?: string, body?: string, method = 'POST'): Request =>
  new Request('https://example.com/agent', {
    method,
    ...(body !== undefined && { body }),
    ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
  });

const sign = (fields: Partial<SignInvocationOptions> = {}): Promise<string> =>
  signInvocation({ ...ONE, ...fields });

test('an invocation says what was signed, until it expires', async () => {
  const now = () => 1_000_000;
  const token = await sign({ now, ttl: 10 });
  const options = { secret: ['the next secret, which is as long as the last', SECRET], agent: AGENT };
  const read = await verifyInvocation(token, { ...options, now });
  expect(read).toMatchObject({ session: 'mine', run: RUN, agent: AGENT, expires: 1_010_000, lost: false });
  expect(read.nonce).not.toBe((await verifyInvocation(await sign({ now }), { ...options, now })).nonce);
  await expect(verifyInvocation(token, { ...options, now: () => 1_010_000 })).rejects.toMatchObject({
    code: 'expired',
  });
  await expect(verifyInvocation(token, { ...options, agent: 'other', now })).rejects.toMatchObject({
    code: 'forbidden',
  });
  await expect(verifyInvocation(token, { ...options, secret: `${SECRET}!`, now })).rejects.toMatchObject({
    code: 'forged',
  });
  await expect(sign({ session: 'a:b' })).rejects.toThrow(TypeError);
  await expect(sign({ secret: 'too short' })).rejects.toThrow('at least 32');
});

test('no change to a token goes unnoticed, and nothing that is none is taken for one', async () => {
  const token = await sign();
  const check = (text: string) => verifyInvocation(text, { secret: SECRET, agent: AGENT });
  await fc.assert(
    fc.asyncProperty(
      fc.nat(token.length - 1),
      fc.constantFrom('A', 'b', '.', '-', '='),
      async (at, character) => {
        const changed = `${token.slice(0, at)}${character}${token.slice(at + 1)}`;
        // The last character of a signature has bits that mean nothing.
        fc.pre(changed !== token && at !== token.length - 1);
        await expect(check(changed)).rejects.toMatchObject({ name: 'InvocationError' });
      },
    ),
    { numRuns: 60 },
  );
  await fc.assert(
    fc.asyncProperty(fc.string(), async (text) => {
      await expect(check(text)).rejects.toMatchObject({ name: 'InvocationError' });
    }),
    { numRuns: 40 },
  );
});

test('a forged, stale or foreign request starts nothing, and says why', async () => {
  const crowd = createCrowd();
  let calls = 0;
  const agent = serverless(crowd, (run) => {
    calls += 1;
    return run.pipe(say('hello'));
  });
  const session = await crowd.ask('mine');
  const { run, stored } = session.send({ parts: said('hi') });
  await stored;
  const good = await sign({ run });
  const refused = async (request: Request, status: number, code: string) => {
    const response = await agent.handle(request);
    expect([response.status, await response.json()]).toEqual([
      status,
      { error: { code, message: expect.any(String) } },
    ]);
  };
  await refused(post(undefined, JSON.stringify({ session: 'mine', run })), 401, 'unauthenticated');
  await refused(post('nonsense'), 400, 'malformed');
  await refused(post(await sign({ run, secret: `${SECRET} of somebody else` })), 401, 'forged');
  await refused(post(await sign({ run, now: () => Date.now() - 120_000 })), 401, 'expired');
  await refused(post(await sign({ run, agent: 'other' })), 403, 'forbidden');
  // Somebody else's session in the body of a request that is good for one's own.
  await refused(post(good, JSON.stringify({ session: 'theirs' })), 403, 'forbidden');
  await refused(post(good, '{'), 400, 'malformed');
  await refused(post(good, undefined, 'PUT'), 405, 'method_not_allowed');
  expect(calls).toBe(0);
  const response = await agent.handle(post(good, JSON.stringify({ session: 'mine', run })));
  expect([response.status, await response.json()]).toEqual([
    200,
    { session: 'mine', run, status: 'complete' },
  ]);
  await refused(post(good), 403, 'replayed');
  // A signed request for a run that nobody asked for.
  const nothing = await agent.handle(post(await sign({ run: 'nobody-asked' as string as RunId })));
  expect(await nothing.json()).toMatchObject({ status: 'unknown' });
  expect(calls).toBe(1);
  await ended(session, run);
  const unsigned = serverless(crowd, () => {});
  expect(await unsigned.handle(post())).toMatchObject({ status: 401 });
});

test('a run is suspended and resumed by requests, each in a process of its own', async () => {
  const crowd = createCrowd();
  const session = await crowd.ask('mine');
  const { run, stored } = session.send({ parts: said('where am I?') });
  await stored;
  const handler: Handler = (each) => each.pipe(each.log === '' ? call() : say('You are here.'));
  const first = await serverless(crowd, handler, 'first').handle(post(await sign({ run })));
  expect(await first.json()).toMatchObject({ status: 'suspended' });
  await until(session, () => session.run(run)?.status === 'suspended');
  await session.answer({ run, callId: 'call-1' }, { type: 'output', output: 'here' });
  const waiting: Promise<unknown>[] = [];
  const second = await serverless(crowd, handler, 'second').handle(post(await sign({ run })), {
    waitUntil: (work) => void waiting.push(work),
  });
  expect([second.status, await second.json()]).toEqual([202, { session: 'mine', run }]);
  await Promise.all(waiting);
  await ended(session, run);
  expect(session.run(run)?.status).toBe('complete');
  expect(textOf(session.snapshot.messages.at(-1)?.parts ?? [])).toBe('You are here.');
});

async function* call(): AsyncGenerator<TextChunk> {
  yield { type: 'call', id: 'call-1', name: 'where' };
}

test('P16 what a request started has the same signs of life', async () => {
  const crowd = createCrowd();
  const tap = createTap();
  const agent = serverless(crowd, async (run) => {
    run.state({ doing: 'calling', tool: 'archive' });
    await run.pipe(tap.chunks);
  });
  const session = await crowd.ask('mine');
  const health = watchHealth(session, { leaseMs: 300, stallMs: 600 });
  onTestFinished(() => health.close());
  const { run, stored } = session.send({ parts: said('hi') });
  await stored;
  const response = agent.handle(post(await sign({ run })));
  await new Promise<void>((resolve) => {
    const stop = health.subscribe(() => {
      if (health.of(run)?.health !== 'stalled') return;
      stop();
      resolve();
    });
  });
  // Silent for two leases, and alive: its beats say so.
  expect(health.of(run)).toEqual({ health: 'stalled', state: { doing: 'calling', tool: 'archive' } });
  tap.end();
  expect(await (await response).json()).toMatchObject({ status: 'complete' });
});

test('P15 an invoker starts the agent for what comes to its inbox, and again when a process is lost', async () => {
  const crowd = createCrowd();
  const hung = createTap();
  let calls = 0;
  const handler: Handler = async (run) => {
    calls += 1;
    if (calls > 1) return run.pipe(say('here I am'));
    hung.say('half an ans');
    return run.pipe(hung.chunks);
  };
  const functions = [serverless(crowd, handler, 'first'), serverless(crowd, handler, 'second')];
  const requests: Request[] = [];
  const invoker = createInvoker({
    channels: crowd.connect('gateway', 'agent'),
    agent: AGENT,
    url: 'https://example.com/agent',
    secret: SECRET,
    leaseMs: 300,
    async fetch(url, init) {
      const request = new Request(url, init);
      requests.push(request);
      const agent = functions[requests.length - 1] ?? functions[1];
      if (agent === undefined) throw new Error('nobody is there');
      return agent.handle(request, { waitUntil() {} });
    },
  });
  onTestFinished(() => invoker.close());
  await invoker.listen({ idleMs: 20 });
  const session = await crowd.ask('mine');
  const { run } = session.send({ parts: said('hi') });
  await until(session, () => session.log(run).includes('half'));
  // It dies.
  await functions[0]?.close({ drainMs: 0 });
  await ended(session, run);
  expect(session.run(run)?.status).toBe('complete');
  const next = session.send({ parts: said('and again') });
  await ended(session, next.run);
  expect([calls, requests.length]).toEqual([3, 3]);
});

test('an agent without a process is asked again when the time of what its run waits for is over', async () => {
  const crowd = createCrowd();
  const outcomes: boolean[] = [];
  const agent = createAgent({
    channels: crowd.connect('function', 'agent'),
    name: AGENT,
    codec: textCodec,
    leaseMs: 300,
    holdMs: 0,
    invocations: { secret: SECRET },
    onError() {},
    async run(run) {
      outcomes.push((await run.requestApproval('pay', {}, { withinMs: 300 })).ok);
    },
  });
  onTestFinished(() => agent.close({ drainMs: 0 }));
  let requests = 0;
  const invoker = createInvoker({
    channels: crowd.connect('gateway', 'agent'),
    agent: AGENT,
    url: 'https://example.com/agent',
    secret: SECRET,
    leaseMs: 300,
    fetch(url, init) {
      requests += 1;
      return agent.handle(new Request(url, init), { waitUntil() {} });
    },
  });
  onTestFinished(() => invoker.close());
  await invoker.listen({ idleMs: 20 });
  const session = await crowd.ask('mine');
  const { run } = session.send({ parts: said('hi') });
  await ended(session, run);
  expect([session.run(run)?.status, outcomes, requests]).toEqual(['complete', [false], 2]);
});
