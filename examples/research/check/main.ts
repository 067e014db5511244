import { freePort, type Running } from '@holdfast/example-chat/processes';
import { openSession, type RunId, type Session } from '@holdfast/core';
import { runTree, type RunNode } from '@holdfast/core/agents';
import { citedSites, readCitations } from '@holdfast/core/annotations';
import { createWebSocketChannels } from '@holdfast/websocket';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { setTimeout as wait } from 'node:timers/promises';
import WebSocket from 'ws';
import { findSubject, textOf } from '../src/model/script.ts';
import { AGENTS, startAgent, startGateway, type Place } from '../src/processes.ts';

// The example under fire, without a browser: three agents answer at once, one's process is killed, one is stopped alone, then
// everything is. What two devices show must be what the models said.

const QUESTION = 'Why are there tides?';
const subject = findSubject(QUESTION);
if (subject === undefined) throw new Error('The model has nothing to say.');
const { briefs, plan, summary } = subject;

const folder = await mkdtemp(join(tmpdir(), 'holdfast-research-'));
const port = await freePort();
const place: Place = { port, file: join(folder, 'research.db'), tokensPerSecond: 35, leaseMs: 1000 };
const running: Running[] = [await startGateway(place)];
const differences: string[] = [];
const sessions: Session[] = [];
const began = performance.now();

try {
  const [lead, reader, historian] = await Promise.all(
    AGENTS.map((name) => startAgent(name, name === 'lead' ? { ...place, tokensPerSecond: 150 } : place)),
  );
  if (!lead || !reader || !historian) throw new Error('An agent is missing.');
  running.push(lead, reader, historian);
  say('gateway and three agents, each a process of its own');
  const devices = await Promise.all([open('laptop'), open('phone')]);
  const [laptop, phone] = devices;

  const first = ask(laptop);
  await until(
    () => tasks(phone, first).length === 3 && tasks(phone, first).every(isUnderWay),
    'three answers at once',
  );
  say(`three sub-agents write at once: ${tasks(phone, first).map(nameOf).join(', ')}`);
  await reader.kill('SIGKILL');
  say('the readers are killed with SIGKILL in mid-sentence');
  running.push(await startAgent('reader', place));
  await ended(devices, first);
  const whole = briefs.map(
    ({ agent, label, findings }) => `${label} (${agent}) complete: ${textOf(findings)}`,
  );
  for (const session of devices) {
    same('the sub-agents’ answers', tasks(session, first).map(describe), whole);
    same('the lead’s answer', answerOf(session, first), `${plan}\n\n${textOf(summary)}`);
    same('the conversation', session.snapshot.messages.length, 2);
  }
  const attempts = tasks(laptop, first).map(({ run }) => run.attempts);
  say(`everything as the models said it; attempts: ${attempts.join(', ')}`);
  const cited = tasks(laptop, first).map(({ answer }) => citedSites(answer ?? {}));
  say(
    `cited: ${cited.map((sites) => sites.map(({ site, count }) => `${count} from ${site}`).join(', ')).join(' | ')}`,
  );
  const [answer] = tasks(laptop, first).flatMap((node) => node.answer ?? []);
  const wanted = briefs[0]?.findings.flatMap(({ sources }) => sources.map(({ url }) => url)) ?? [];
  const read = answer === undefined ? [] : await readCitations(laptop, answer.id);
  same('the citations', read.map(({ url }) => url).toSorted(), wanted.toSorted());

  const second = ask(phone);
  await until(
    () => tasks(laptop, second).length === 3 && tasks(laptop, second).every(isUnderWay),
    'three answers again',
  );
  const stopped = tasks(laptop, second)[1];
  if (stopped === undefined) throw new Error('There is no second task.');
  // Only who asked may stop it: both devices are one person's.
  await laptop.cancel(stopped.run.id, { reason: 'that one alone' });
  await until(() => statuses(phone, second)[1] === 'cancelled', 'one to be stopped');
  same('what goes on', statuses(phone, second).filter((status) => status === 'active').length, 2);
  say('one of the three is stopped from the other device, the others go on');
  await phone.cancel(second);
  await ended(devices, second);
  for (const session of devices)
    same('what is left', new Set(statuses(session, second)), new Set(['cancelled']));
  same('both devices', laptop && runTree(laptop).flatMap(lines), runTree(phone).flatMap(lines));
  say('then the whole tree is, and both devices show the same');
} catch (error) {
  for (const session of sessions) differences.push(runTree(session).flatMap(lines).join('\n'));
  differences.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
} finally {
  for (const each of running.toReversed()) await each.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
}
if (differences.length > 0) {
  console.error(`\n${differences.join('\n')}`);
  process.exit(1);
}
say('everything equal to what the models said');
process.exit(0);

async function open(device: string): Promise<Session> {
  const channels = createWebSocketChannels({
    url: `ws://127.0.0.1:${port}/holdfast`,
    async token() {
      const response = await fetch(`http://127.0.0.1:${port}/token?session=research&user=Ada`);
      return response.text();
    },
    WebSocket,
  });
  const session = openSession({ channels, name: 'research' });
  await session.ready;
  await session.enter({ device });
  sessions.push(session);
  return session;
}

function ask(session: Session): RunId {
  return session.send({ parts: [{ type: 'text', text: QUESTION, state: 'done' }] }).run;
}

function tasks(session: Session, run: RunId): readonly RunNode[] {
  return runTree(session).find((node) => node.run.id === run)?.subRuns ?? [];
}

function statuses(session: Session, run: RunId): readonly string[] {
  return tasks(session, run).map((node) => node.run.status);
}

function isUnderWay({ run, answer }: RunNode): boolean {
  return run.status === 'active' && textIn(answer) !== '';
}

function nameOf({ name, agent = '' }: RunNode): string {
  return `${name} (${agent})`;
}

function describe(node: RunNode): string {
  return `${nameOf(node)} ${node.run.status}: ${textIn(node.answer)}`;
}

function lines(node: RunNode): readonly string[] {
  return [describe(node), ...node.subRuns.flatMap(lines)];
}

function answerOf(session: Session, run: RunId): string {
  return textIn(runTree(session).find((node) => node.run.id === run)?.answer);
}

function textIn(message: RunNode['answer']): string {
  return message?.parts.flatMap((part) => (part.type === 'text' ? part.text : [])).join('') ?? '';
}

async function ended(sessions: readonly Session[], run: RunId): Promise<void> {
  const isOver = (session: Session): boolean =>
    [session.run(run)?.status, ...statuses(session, run)].every(
      (status) => status === 'complete' || status === 'cancelled',
    );
  await until(() => sessions.every(isOver), 'the end');
}

async function until(condition: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await wait(20);
  }
}

function same(what: string, actual: unknown, expected: unknown): void {
  if (isDeepStrictEqual(actual, expected)) return;
  differences.push(`${what}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`);
}

function say(text: string): void {
  console.log(`${((performance.now() - began) / 1000).toFixed(1).padStart(6)} s  ${text}`);
}
