// What reasoning costs a client that doesn't look at it: bytes that come down its line for an answer of 20,000 characters of
// reasoning and 1,000 of text, inline and threaded; and what an agent pays to read threads back for a prompt.
// `npx tsx bench/reasoning/bytes.ts`, about a minute.
import { uiAgent, type UIAgentOptions } from '@holdfast/ai-sdk/agent';
import { createMemoryEngine } from '@holdfast/channel/memory';
import { isEnded, openSession, type RunId, type Session } from '@holdfast/core';
import { openReasoning } from '@holdfast/core/reasoning';
import { serve } from '@holdfast/server';
import { issueToken, verifyTokens } from '@holdfast/server/token';
import { openTcpProxy } from '@holdfast/testing/tcp-proxy';
import { createWebSocketChannels } from '@holdfast/websocket';
import type { UIMessageChunk } from 'ai';
import { setTimeout as wait } from 'node:timers/promises';
import WebSocket from 'ws';

const SECRET = 'a secret for this benchmark only, 32 characters';
const TOKEN = 'word ';
const REASONING = 20_000;
const TEXT = 1_000;
/** Tokens a second, as models speak. */
const PACE = 300;
const ANSWERS = 25;

type Mode = NonNullable<UIAgentOptions['reasoning']>;

const engine = createMemoryEngine();
const gateway = await serve({
  engine,
  authenticate: verifyTokens({ secret: SECRET }),
  port: 0,
  host: '127.0.0.1',
});

function connect(port: number, clientId: string, role = 'participant') {
  return createWebSocketChannels({
    url: `ws://127.0.0.1:${port}/holdfast`,
    token: () =>
      issueToken({ secret: SECRET, clientId, claims: { role }, capabilities: { '*': ['*'] }, ttl: 600 }),
    WebSocket,
  });
}

/** A device whose line is measured. */
async function openDevice(name: string) {
  const line = await openTcpProxy(gateway.port ?? 0);
  const channels = connect(line.port, 'ada');
  const session = openSession({ channels, name });
  await session.ready;
  return {
    session,
    channels,
    bytes: () => line.bytesDown,
    async close() {
      await session.close();
      await channels.close();
      await line.close();
    },
  };
}

async function* answer(pace: number): AsyncGenerator<UIMessageChunk> {
  const started = performance.now();
  let tokens = 0;
  const chunks = [
    { type: 'start' },
    { type: 'reasoning-start', id: 'r' },
    ...Array.from({ length: REASONING / TOKEN.length }, () => ({
      type: 'reasoning-delta',
      id: 'r',
      delta: TOKEN,
    })),
    { type: 'reasoning-end', id: 'r' },
    { type: 'text-start', id: 't' },
    ...Array.from({ length: TEXT / TOKEN.length }, () => ({ type: 'text-delta', id: 't', delta: TOKEN })),
    { type: 'text-end', id: 't' },
    { type: 'finish' },
  ] as UIMessageChunk[];
  for (const chunk of chunks) {
    tokens += 1;
    const ahead = (tokens / pace) * 1000 - (performance.now() - started);
    if (ahead > 0) await wait(ahead);
    yield chunk;
  }
}

async function ask(session: Session): Promise<RunId> {
  const { run } = session.send({ parts: [{ type: 'text', text: 'Why?' }] });
  while (!isEnded(session.run(run)?.status ?? 'queued')) await wait(20);
  return run;
}

interface Measured {
  readonly what: string;
  readonly bytes: number;
}

async function measure(mode: Mode): Promise<readonly Measured[]> {
  const name = `bench-${mode}`;
  const agentChannels = connect(gateway.port ?? 0, 'bot', 'agent');
  const agent = uiAgent({
    channels: agentChannels,
    name: 'bot',
    reasoning: mode,
    stream: () => answer(PACE),
  });
  await agent.attend(name);
  const [asker, looker] = [await openDevice(name), await openDevice(name)];
  const before = { asker: asker.bytes(), looker: looker.bytes() };
  const opening = (async () => {
    while (looker.session.snapshot.runs.length === 0) await wait(5);
    const run = looker.session.snapshot.runs[0]?.id;
    return run === undefined || mode === 'inline'
      ? undefined
      : openReasoning({ channels: looker.channels, session: looker.session, of: { run } });
  })();
  await ask(asker.session);
  const reasoning = await opening;
  while (reasoning !== undefined && reasoning.snapshot.parts[0]?.isWhole !== true) await wait(5);
  await wait(100);
  const measured = [
    {
      what: mode === 'inline' ? 'inline' : 'threaded, not opened',
      bytes: asker.bytes() - before.asker,
    },
  ];
  if (mode === 'threaded')
    measured.push({ what: 'threaded, opened at once', bytes: looker.bytes() - before.looker });
  const late = await openDevice(name);
  measured.push({ what: `joined when it was over, ${mode}`, bytes: late.bytes() });
  reasoning?.close();
  for (const device of [asker, looker, late]) await device.close();
  await agent.close();
  await agentChannels.close();
  return measured;
}

/** How long a prompt takes that has the reasoning of this many answers, in milliseconds. */
async function prompt(mode: Mode): Promise<number> {
  const name = `prompt-${mode}`;
  const channels = connect(gateway.port ?? 0, 'bot', 'agent');
  let ms = 0;
  const agent = uiAgent({
    channels,
    name: 'bot',
    reasoning: mode,
    async stream(run) {
      const started = performance.now();
      await run.prompt();
      ms = performance.now() - started;
      return answer(Infinity);
    },
  });
  await agent.attend(name);
  const device = await openDevice(name);
  for (let n = 0; n <= ANSWERS; n += 1) await ask(device.session);
  await device.close();
  await agent.close();
  await channels.close();
  return ms;
}

try {
  const rows = [...(await measure('inline')), ...(await measure('threaded'))];
  console.log(`Bytes down a client's line, ${REASONING} characters of reasoning and ${TEXT} of text:`);
  for (const { what, bytes } of rows) console.log(`  ${what.padEnd(36)} ${String(bytes).padStart(8)}`);
  console.log(`A prompt with the reasoning of ${ANSWERS} such answers, in milliseconds:`);
  for (const mode of ['inline', 'threaded'] as const)
    console.log(`  ${mode.padEnd(36)} ${(await prompt(mode)).toFixed(1).padStart(8)}`);
} finally {
  await gateway.close({ drainMs: 0 });
  await engine.close();
}
