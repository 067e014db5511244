import type { RunId, RunStatus } from '@holdfast/core';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { decide, textOf } from '../src/model/script.ts';
import { tokens } from '../src/model/offline-model.ts';
import { openClient, type Client } from './client.ts';
import { freePort, start } from './processes.ts';

// A session under fire, without a browser: a gateway on SQLite, an agent in a process of its own, devices whose sockets
// keep dying, a gateway that is killed in mid-stream. Every transcript must equal what the model said.

const QUESTION = 'Write me a long guide to everything you know';
const CUTS = 10;
const TOKENS_PER_SECOND = 85;
const SESSION = 'check';

const started = performance.now();
const expected = textOf(decide({ question: QUESTION, results: new Map() }));
const folder = await mkdtemp(join(tmpdir(), 'holdfast-check-'));
const port = await freePort();
const gatewayUrl = `http://127.0.0.1:${port}`;
const differences: string[] = [];
const cleanup: (() => Promise<unknown>)[] = [];

try {
  await scenario();
} catch (error) {
  differences.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
} finally {
  for (const end of cleanup.toReversed()) await end().catch((error: unknown) => console.error(error));
  await rm(folder, { recursive: true, force: true });
}

if (differences.length > 0) {
  console.error(`\n${differences.join('\n')}`);
  process.exit(1);
}
say(`everything equal to what the model said`);
process.exit(0);

async function scenario(): Promise<void> {
  const startGateway = () =>
    start('src/gateway.ts', { PORT: String(port), DB: join(folder, 'chat.db') }, 'gateway:');
  let gateway = await startGateway();
  cleanup.push(() => gateway.kill('SIGTERM'));
  say(`gateway on SQLite at ${gatewayUrl}`);

  const agent = await start(
    'src/agent/main.ts',
    {
      GATEWAY_URL: `ws://127.0.0.1:${port}/holdfast`,
      SESSIONS: SESSION,
      TOKENS_PER_SECOND: String(TOKENS_PER_SECOND),
      ANTHROPIC_API_KEY: '',
      OPENAI_API_KEY: '',
    },
    'agent:',
  );
  cleanup.push(() => agent.kill('SIGTERM'));
  say(`agent is process ${agent.child.pid}`);

  const clients = [await open('laptop'), await open('phone')];
  const [laptop, phone] = clients as [Client, Client];

  const first = laptop.session.send({ parts: [{ type: 'text', text: QUESTION, state: 'done' }] });
  await first.stored;
  say(`laptop asked; the answer has ${tokens(expected).length} tokens, ${expected.length} characters`);
  watch(clients, first.run);

  const seconds = tokens(expected).length / TOKENS_PER_SECOND;
  const storms = clients.map((client) => cut(client, first.run, seconds * 0.7));
  await until(() => phone.text(first.run).length > expected.length * 0.3, 'a third of the answer');
  await gateway.kill('SIGKILL');
  say(`gateway killed with SIGKILL at ${share(phone, first.run)}`);
  gateway = await startGateway();
  say(`gateway restarted`);

  await until(() => phone.text(first.run).length > expected.length * 0.4, 'more of the answer');
  const tablet = await open('tablet');
  clients.push(tablet);
  await until(() => tablet.text(first.run) !== '', 'the tablet to show the answer');
  say(`tablet joined in mid-stream and shows ${share(tablet, first.run)}`);
  watch([tablet], first.run);
  storms.push(cut(tablet, first.run, seconds * 0.35));

  await ended(clients, first.run, 'complete');
  await Promise.all(storms);
  for (const client of clients) {
    same(client, first.run, expected);
    say(`${client.name}: ${client.text(first.run).length} characters equal, socket cut ${client.cuts} times`);
  }

  const second = laptop.session.send({ parts: [{ type: 'text', text: QUESTION, state: 'done' }] });
  await second.stored;
  await until(() => phone.text(second.run).length > 400, 'the second answer to begin');
  await phone.session.cancel(second.run);
  say(`phone cancelled the run that the laptop started`);
  await ended(clients, second.run, 'cancelled');
  const kept = laptop.text(second.run);
  if (kept.length >= expected.length || !expected.startsWith(kept))
    differences.push(`the cancelled answer is no beginning of the model's text: ${kept.length} characters`);
  for (const client of clients) same(client, second.run, kept);
  say(`cancelled on all devices at ${kept.length} characters, the same on each`);
}

async function open(name: string): Promise<Client> {
  const client = await openClient(name, gatewayUrl, SESSION);
  cleanup.push(() => client.close());
  return client;
}

/** At every change: what a device shows is a beginning of what the model says, and never gets shorter. */
function watch(clients: readonly Client[], run: RunId): void {
  for (const client of clients) {
    let longest = 0;
    const stop = client.session.subscribe(() => {
      const text = client.text(run);
      if (expected.startsWith(text) && text.length >= longest) longest = text.length;
      else {
        differences.push(`${client.name} showed something else ${difference(text, expected)}`);
        stop();
      }
    });
  }
}

/**
 * Cuts a device's socket `CUTS` times at random moments while the answer streams: each time when it is back and shows more
 * than before, some time later. The moments are drawn from what is left of the `seconds`, so that a slow machine, where
 * coming back takes longer, is cut as often.
 */
async function cut(client: Client, run: RunId, seconds: number): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (client.cuts < CUTS) {
    const shown = client.text(run).length;
    const streaming = () => client.session.run(run)?.status !== 'complete';
    await until(() => client.text(run).length > shown || !streaming(), `${client.name} to go on`);
    const share = Math.max(0, end - performance.now()) / (CUTS - client.cuts);
    await wait(share * Math.random());
    if (!streaming()) {
      differences.push(`${client.name} was cut only ${client.cuts} times while the answer streamed`);
      return;
    }
    client.cut();
  }
}

async function ended(clients: readonly Client[], run: RunId, status: RunStatus): Promise<void> {
  for (const client of clients)
    await until(() => client.session.run(run)?.status === status, `${client.name} to see the run ${status}`);
}

function same(client: Client, run: RunId, text: string): void {
  const shown = client.text(run);
  if (shown !== text) differences.push(`${client.name} differs ${difference(shown, text)}`);
}

function difference(shown: string, wanted: string): string {
  let at = 0;
  while (at < shown.length && shown[at] === wanted[at]) at += 1;
  const around = (text: string) => JSON.stringify(text.slice(Math.max(0, at - 30), at + 30));
  return `at ${at} of ${shown.length}/${wanted.length}: ${around(shown)} instead of ${around(wanted)}`;
}

async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + 45_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await wait(20);
  }
}

function share(client: Client, run: RunId): string {
  return `${Math.round((client.text(run).length / expected.length) * 100)} %`;
}

function say(text: string): void {
  console.log(`${((performance.now() - started) / 1000).toFixed(1).padStart(5)} s  ${text}`);
}
