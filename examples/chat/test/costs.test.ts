import { uiAgent } from '@holdfast/ai-sdk/agent';
import { createMemoryEngine } from '@holdfast/channel/memory';
import { openSession, type RunId, type Session } from '@holdfast/core';
import { serve } from '@holdfast/server';
import { issueToken, verifyTokens } from '@holdfast/server/token';
import { createWebSocketChannels } from '@holdfast/websocket';
import { streamText } from 'ai';
import { MockLanguageModelV4 } from 'ai/test';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createWiretap, type Wiretap } from './counting-socket.ts';

const SECRET = 'a secret for tests only, of at least 32 characters';
const TOKENS = Array.from({ length: 2_600 }, (_, n) => ` ${String(n).padStart(3, 'w').slice(-3)}`);
const TEXT = TOKENS.join('');

type Part = { type: 'text-delta'; id: string; delta: string };

/** A model that says what the test tells it to say. */
function createTold(called: () => void) {
  let controller: ReadableStreamDefaultController<unknown> | undefined;
  const model = new MockLanguageModelV4({
    doStream: async () => {
      called();
      const stream = new ReadableStream({ start: (each) => void (controller = each) });
      controller?.enqueue({ type: 'stream-start', warnings: [] });
      controller?.enqueue({ type: 'text-start', id: '0' });
      return { stream };
    },
  });
  return {
    model,
    say(delta: string) {
      controller?.enqueue({ type: 'text-delta', id: '0', delta } satisfies Part);
    },
    end() {
      controller?.enqueue({ type: 'text-end', id: '0' });
      controller?.enqueue({
        type: 'finish',
        finishReason: { unified: 'stop', raw: 'stop' },
        usage: {
          inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
          outputTokens: { total: 1, text: 1, reasoning: 0 },
        },
      });
      controller?.close();
    },
  };
}

/** A gateway, an agent and a device, each on a socket of its own that is listened to. */
async function openScene(agentTap: Wiretap, deviceTap: Wiretap) {
  const engine = createMemoryEngine();
  const gateway = await serve({
    engine,
    authenticate: verifyTokens({ secret: SECRET }),
    port: 0,
    host: '127.0.0.1',
  });
  const connect = (role: string, tap: Wiretap) => {
    const channels = createWebSocketChannels({
      url: `ws://127.0.0.1:${gateway.port}/holdfast`,
      token: () =>
        issueToken({
          secret: SECRET,
          clientId: role,
          claims: { role },
          capabilities: { '*': ['*'] },
          ttl: 600,
        }),
      WebSocket: tap.WebSocket,
      rollupMs: 0,
    });
    return channels;
  };
  const called = vi.fn();
  const told = createTold(called);
  const agentChannels = connect('agent', agentTap);
  const agent = uiAgent({
    channels: agentChannels,
    name: 'agent',
    stream: async (run) =>
      streamText({ model: told.model, messages: await run.prompt(), abortSignal: run.signal }),
  });
  await agent.attend('costs');
  const deviceChannels = connect('participant', deviceTap);
  const session = openSession({ channels: deviceChannels, name: 'costs' });
  await session.ready;
  onTestFinished(async () => {
    await session.close();
    await agent.close({ drainMs: 0 });
    await Promise.all([agentChannels.close(), deviceChannels.close()]);
    await gateway.close({ drainMs: 0 });
    await engine.close();
  });
  return { session, told, called, deviceChannels };
}

const ask = (session: Session): RunId =>
  session.send({ parts: [{ type: 'text', text: 'Go on', state: 'done' }] }).run;

test('from the question to the model call it takes one round trip, the claim', async () => {
  const agentTap = createWiretap();
  const { session, called } = await openScene(agentTap, createWiretap());
  await vi.waitFor(() => expect(session.snapshot.participants).toHaveLength(1));
  const before = agentTap.sent.length;
  let sentAtCall: number | undefined;
  called.mockImplementation(() => (sentAtCall = agentTap.sent.length));
  ask(session);
  await vi.waitFor(() => expect(called).toHaveBeenCalledTimes(1));
  expect(agentTap.sent.slice(before, sentAtCall)).toEqual([expect.stringContaining('"create"')]);
});

test('between a token and the wire no acknowledgement is awaited', async () => {
  const agentTap = createWiretap();
  const { session, told, called } = await openScene(agentTap, createWiretap());
  const run = ask(session);
  await vi.waitFor(() => expect(called).toHaveBeenCalledTimes(1));
  await vi.waitFor(() => expect(session.log(run)).toContain('open'));
  const release = agentTap.hold();
  const before = agentTap.sent.length;
  for (let n = 0; n < 20; n += 1) {
    told.say(`token${n} `);
    await vi.waitFor(() => expect(agentTap.sent.slice(before).join('')).toContain(`token${n} `));
  }
  release();
  told.end();
  await vi.waitFor(() => expect(session.run(run)?.status).toBe('complete'));
});

test('a 2,000-token answer: two messages, little more than the text, few bytes a delta', async () => {
  const deviceTap = createWiretap();
  const { session, told, called, deviceChannels } = await openScene(createWiretap(), deviceTap);
  const run = ask(session);
  await vi.waitFor(() => expect(called).toHaveBeenCalledTimes(1));
  await vi.waitFor(() => expect(session.log(run)).toContain('open'));
  const before = deviceTap.received.length;
  for (const [index, token] of TOKENS.entries()) {
    told.say(token);
    // Each reaches the device on its own, so that each costs what it costs.
    await vi.waitFor(() => expect(session.log(run).endsWith(token)).toBe(true), { interval: 1 });
    if (index % 100 === 0) await new Promise(setImmediate);
  }
  const frames = deviceTap.received.slice(before).filter((frame) => frame.includes(' '));
  told.end();
  await vi.waitFor(() => expect(session.run(run)?.status).toBe('complete'));

  const { messages } = await deviceChannels.channel('costs').history();
  expect(messages.map(({ name }) => name)).toEqual(['output', 'input']);

  const log = messages[0]?.data;
  const stored = Buffer.byteLength(typeof log === 'string' ? log : '');
  const text = Buffer.byteLength(TEXT);
  console.log(`stored: ${stored} bytes for ${text} bytes of text, ${(stored / text).toFixed(4)} times`);
  expect(text).toBeGreaterThan(10_000);
  expect(stored).toBeGreaterThan(text);
  expect(stored / text).toBeLessThanOrEqual(1.01);

  // A frame of text costs 2 bytes more on the wire below 126 bytes.
  const bytes = frames.reduce((sum, frame) => sum + Buffer.byteLength(frame) + 2, 0);
  const besides = (bytes - text) / TOKENS.length;
  console.log(
    `on the WebSocket: ${besides.toFixed(1)} bytes a delta besides the text, in ${frames.length} frames`,
  );
  expect(frames.length).toBeGreaterThan(TOKENS.length * 0.9);
  expect(besides).toBeLessThanOrEqual(40);
}, 60_000);
