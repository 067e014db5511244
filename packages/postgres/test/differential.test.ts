import { decodePosition, decodeVersion, encodePosition } from '@holdfast/channel/engine';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { CHANNELS, commands, type Call, type Command } from '@holdfast/testing/arbitrary';
import { startCluster } from '@holdfast/testing/postgres-cluster';
import { openEngine } from './open-engine.ts';
import { Pair, operationsOf, plain, type Side } from './pair.ts';

const cluster = await startCluster();
afterAll(() => cluster.close());

async function commit(pair: Pair, calls: readonly Call[], name: (channel: string) => string): Promise<void> {
  const [expected, actual] = await pair.both(async (side) => {
    const operations = await operationsOf(side, calls, name);
    const engine = side.next();
    return Promise.all(
      calls.map(({ channel, publisher }, index) =>
        engine.commit(name(channel), publisher, operations[index] ?? []),
      ),
    );
  });
  for (const [index, { channel }] of calls.entries()) {
    const told = (outcomes: typeof expected): unknown =>
      outcomes[index]?.map((outcome) =>
        outcome.ok ? outcome.receipt : { code: outcome.error.code, message: outcome.error.message },
      );
    expect(plain(told(actual))).toEqual(plain(told(expected)));
    pair.note(channel, [expected[index] ?? [], actual[index] ?? []]);
  }
}

/** Every page from the newest on, walked by its cursors. */
async function walk({ reader }: Side, channel: string, limit: number): Promise<unknown> {
  const pages: unknown[] = [];
  let page = await reader.page(channel, { limit });
  pages.push(page);
  while (page.next !== undefined) {
    page = await reader.page(channel, { limit, cursor: page.next });
    pages.push(page);
  }
  return pages;
}

async function annotationsOf({ reader, serials }: Side, channel: string, name: string): Promise<unknown> {
  const found: unknown[] = [];
  for (const serial of serials.get(channel) ?? []) {
    const first = await reader.annotations(name, serial, { limit: 2 });
    found.push(first);
    if (first.next !== undefined) found.push(await reader.annotations(name, serial, { cursor: first.next }));
  }
  return found;
}

/** What has changed since one of the changes, counted from the first. */
async function since({ reader, versions }: Side, channel: string, index: number, name: string) {
  const version = versions.get(channel)?.[index];
  if (version === undefined) return [];
  const tail = await reader.tail(name, () => {});
  tail.close();
  const epoch = decodePosition(tail.head)?.epoch ?? '';
  const changes = await reader.changesSince(name, encodePosition(epoch, decodeVersion(version) ?? 0));
  return changes?.changed.map(({ message, rewritten }) => ({ message, rewritten }));
}

async function compare(pair: Pair, ask: (side: Side) => Promise<unknown>): Promise<void> {
  const [expected, actual] = await pair.both(ask);
  expect(plain(actual)).toEqual(plain(expected));
}

async function obey(pair: Pair, command: Command, name: (channel: string) => string): Promise<void> {
  switch (command.kind) {
    case 'commit':
      return commit(pair, command.calls, name);
    case 'clock':
      pair.time += command.by;
      return;
    case 'reopen':
      return pair.reopen();
    case 'page':
      return compare(pair, (side) => walk(side, name(command.channel), command.limit));
    case 'since':
      return compare(pair, (side) => since(side, command.channel, command.position, name(command.channel)));
  }
}

for (const [title, engines, hotBytes] of [
  ['one process, every message in memory', 1, 1 << 26],
  ['one process, next to no message in memory', 1, 3000],
  ['two processes in turn', 2, 1 << 26],
] as const)
  it(`does as the memory engine does: ${title} (I1 I3 I5 I6 I9)`, async () => {
    const schema = `differential_${engines}_${hotBytes}`;
    const options = { hotBytes, maxMessageBytes: 40_000 };
    const pair = await Pair.open(engines, (now) => openEngine(cluster.pool(), schema, { ...options, now }));
    let run = 0;
    await fc.assert(
      fc.asyncProperty(commands, async (list) => {
        // Channels of its own for each run: one pair of engines serves them all.
        const prefix = `run ${(run += 1)} `;
        const name = (channel: string): string => prefix + channel;
        await pair.begin(CHANNELS.map((channel) => [channel, name(channel)]));
        for (const command of list) await obey(pair, command, name);
        for (const channel of CHANNELS) {
          await compare(pair, (side) => walk(side, name(channel), 3));
          await compare(pair, (side) => annotationsOf(side, channel, name(channel)));
          for (let index = 0; index < 40; index += 10)
            await compare(pair, (side) => since(side, channel, index, name(channel)));
        }
        await pair.checkTails();
      }),
      { numRuns: 60 },
    );
    await pair.close();
  }, 120_000);
