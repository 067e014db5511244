import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Message } from '@holdfast/channel';
import { decodePosition, encodePosition, type Engine } from '@holdfast/channel/engine';
import fc from 'fast-check';
import Libsql from 'libsql';
import { expect, it } from 'vitest';
import { openSqliteEngine } from '../../src/sqlite.ts';
import { temporaryFile } from './temporary.ts';
import { lastWordOf, textOf, type Acknowledged } from '@holdfast/testing/workload';

const ROUNDS = 20;

const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const script = fileURLToPath(new URL('./writer.ts', import.meta.url));

type Writer = ChildProcessByStdio<Writable, Readable, null>;

function startWriter(): Writer {
  return spawn(process.execPath, ['--import', loader, script], { stdio: ['pipe', 'pipe', 'inherit'] });
}

/** Lets a writer write, kills it after so many acknowledgements, and returns all that it has told. */
async function killAfter(writer: Writer, job: unknown, count: number): Promise<readonly Acknowledged[]> {
  let told = '';
  let lines = 0;
  writer.stdout.setEncoding('utf8').on('data', (text: string) => {
    told += text;
    lines += text.split('\n').length - 1;
    if (lines >= count) writer.kill('SIGKILL');
  });
  const closed = once(writer, 'close');
  writer.stdin.write(`${JSON.stringify(job)}\n`);
  const [code, signal] = await closed;
  expect({ code, signal }).toEqual({ code: null, signal: 'SIGKILL' });
  // The last line may have been cut; what it would have told was not told.
  return told
    .slice(0, told.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Acknowledged);
}

async function readChannel(engine: Engine, channel: string): Promise<readonly Message[]> {
  const messages: Message[] = [];
  let page = await engine.page(channel, { limit: 300 });
  messages.push(...page.messages);
  while (page.next !== undefined) {
    page = await engine.page(channel, { limit: 300, cursor: page.next });
    messages.push(...page.messages);
  }
  return messages.toReversed();
}

/** Whether a message is what its writer was told, or what the writer asked for next. */
function checkMessage(message: Message | undefined, acknowledged: readonly Acknowledged[]): void {
  const last = acknowledged.at(-1);
  if (message === undefined || last === undefined) throw new Error('An acknowledged message is gone.');
  expect(message.serial).toBe(acknowledged[0]?.receipt.serial);
  const version = acknowledged.filter(({ action }) => action !== 'annotate').at(-1)?.receipt.version;
  expect(message.version >= (version ?? '')).toBe(true);
  if (message.version === version) expect(message.data).toBe(contentAfter(acknowledged));
  // Else it is at what came next, which was stored but not told: a longer text, the last word or the deletion.
  else if (message.deleted !== true && message.data !== lastWordOf(message.id))
    expect(message.data).toHaveProperty(
      'length',
      expect.toSatisfy((length: number) => length > last.length),
    );
  if (acknowledged.some(({ action }) => action === 'annotate'))
    expect(message.annotations?.types).toMatchObject({ 'seen:flag.v1': { total: 1 } });
}

function contentAfter(acknowledged: readonly Acknowledged[]): string {
  const last = acknowledged.filter(({ action }) => action !== 'annotate').at(-1);
  if (last === undefined || last.action === 'delete') return '';
  return last.action === 'update' ? lastWordOf(last.id) : textOf(last.id, last.length);
}

/** Whether every message says what its writer wrote, whole up to some point, and the log is in order. */
async function checkLog(engine: Engine, channel: string, messages: readonly Message[]): Promise<void> {
  const serials = messages.map(({ serial }) => serial);
  expect(serials).toEqual([...new Set(serials)].toSorted());
  expect(new Set(messages.map(({ id }) => id)).size).toBe(messages.length);
  for (const { id, data, deleted } of messages) {
    if (typeof data !== 'string') throw new Error('The data is no text.');
    if (deleted === true) expect(data).toBe('');
    else if (data !== lastWordOf(id)) expect(data).toBe(textOf(id, data.length));
  }
  const { head } = await engine.tail(channel, () => {});
  const all = await engine.changesSince(channel, encodePosition(decodePosition(head)?.epoch ?? '', 0));
  const changed = all?.changed.map(({ message }) => message) ?? [];
  expect(changed.toSorted((a, b) => (a.serial < b.serial ? -1 : 1))).toEqual(messages);
}

it(`I7 a killed process loses nothing that was acknowledged, and leaves a log in order (${ROUNDS} kills)`, async () => {
  const path = temporaryFile();
  const counts = fc.sample(fc.integer({ min: 1, max: 500 }), ROUNDS);
  const acknowledged: Acknowledged[] = [];
  const epochs = new Set<string>();
  let next = startWriter();
  try {
    for (const [round, count] of counts.entries()) {
      const writer = next;
      // The next one loads meanwhile.
      next = startWriter();
      const told = await killAfter(writer, { path, round }, count);
      const earlier = acknowledged.reduce(
        (highest, { receipt }) => (receipt.version > highest ? receipt.version : highest),
        '',
      );
      for (const { receipt } of told) expect(receipt.version > earlier).toBe(true);
      acknowledged.push(...told);

      const engine = openSqliteEngine({ path });
      const byMessage = new Map<string, Acknowledged[]>();
      for (const each of acknowledged) {
        const key = `${each.channel} ${each.id}`;
        byMessage.set(key, [...(byMessage.get(key) ?? []), each]);
      }
      for (const channel of new Set(acknowledged.map((each) => each.channel))) {
        const messages = await readChannel(engine, channel);
        await checkLog(engine, channel, messages);
        const byId = new Map(messages.map((message) => [message.id, message]));
        for (const each of byMessage.values())
          if (each[0]?.channel === channel) checkMessage(byId.get(each[0].id), each);
      }
      epochs.add(decodePosition((await engine.tail('c', () => {})).head)?.epoch ?? '');
      await engine.close();
    }
  } finally {
    next.kill('SIGKILL');
  }
  expect(epochs.size).toBe(1);
  expect(acknowledged.length).toBeGreaterThan(ROUNDS);
  const driver = new Libsql(path);
  expect(driver.prepare('PRAGMA integrity_check').all([])).toMatchObject([{ integrity_check: 'ok' }]);
  driver.close();
}, 90_000);
