import { join } from 'node:path';
import type { Position, Serial } from '@holdfast/channel';
import type { Engine, Outcome } from '@holdfast/channel/engine';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CHANNELS, commands, type Call, type Command } from '@holdfast/testing/arbitrary';
import { Pair, prepare, type Side } from './pair.ts';
import { temporaryFolder } from './temporary.ts';

/** Positions carry their engine's epoch; everything else is the same. */
function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, inner: unknown) =>
      key === 'position' && typeof inner === 'string' ? inner.slice(inner.lastIndexOf('.') + 1) : inner,
    ),
  );
}

function outcomesOf(results: readonly (readonly Outcome[])[]): unknown {
  return plain(
    results.map((outcomes) =>
      outcomes.map((outcome) =>
        outcome.ok ? outcome.receipt : { code: outcome.error.code, message: outcome.error.message },
      ),
    ),
  );
}

async function commit(pair: Pair, calls: readonly Call[], name: (channel: string) => string): Promise<void> {
  const prepared = await prepare(pair.sides[0], calls, pair, name);
  const [expected, actual] = await pair.both(({ engine }) =>
    Promise.all(
      prepared.map(({ channel, publisher, operations }) =>
        engine.commit(name(channel), publisher, operations),
      ),
    ),
  );
  expect(outcomesOf(actual)).toEqual(outcomesOf(expected));
  for (const [index, { channel }] of prepared.entries())
    for (const outcome of expected[index] ?? []) {
      const known = pair.serials.get(channel) ?? [];
      if (outcome.ok && !known.includes(outcome.receipt.serial))
        pair.serials.set(channel, [...known, outcome.receipt.serial]);
    }
}

/** Every page from the newest on, walked by its cursors. */
async function walk({ engine }: Side, channel: string, limit: number, until: Position | undefined) {
  const pages: unknown[] = [];
  let query: Parameters<Engine['page']>[1] | undefined = { limit, ...(until !== undefined && { until }) };
  while (query !== undefined) {
    const page = await engine.page(channel, query);
    pages.push(page);
    query = page.next === undefined ? undefined : { ...query, cursor: page.next };
  }
  return plain(pages);
}

async function annotationsOf({ engine }: Side, channel: string, serials: readonly Serial[]) {
  const found: unknown[] = [];
  for (const serial of serials) {
    const first = await engine.annotations(channel, serial, { limit: 2 });
    found.push(first);
    if (first.next !== undefined)
      found.push(await engine.annotations(channel, serial, { cursor: first.next }));
  }
  return plain(found);
}

async function changesSince({ engine }: Side, channel: string, position: Position) {
  const changes = await engine.changesSince(channel, position);
  return plain(changes?.changed.map(({ message, rewritten }) => ({ message, rewritten })));
}

async function obey(pair: Pair, command: Command, name: (channel: string) => string): Promise<void> {
  switch (command.kind) {
    case 'commit':
      return commit(pair, command.calls, name);
    case 'clock':
      pair.time += command.by;
      return;
    case 'reopen':
      return pair.reopen(CHANNELS.map(name));
    case 'page': {
      const [expected, actual] = await pair.both((side) =>
        walk(side, name(command.channel), command.limit, side.positions[command.until]),
      );
      expect(actual).toEqual(expected);
      return;
    }
    case 'since': {
      const [expected, actual] = await pair.both(async (side) => {
        const position = side.positions[command.position];
        return position === undefined ? [] : changesSince(side, name(command.channel), position);
      });
      expect(actual).toEqual(expected);
      return;
    }
  }
}

/** Everything that can be asked, and everything that the tails were told. */
async function compareAll(pair: Pair, name: (channel: string) => string): Promise<void> {
  for (const channel of CHANNELS) {
    const serials = pair.serials.get(channel) ?? [];
    const [expected, actual] = await pair.both(async (side) => ({
      pages: await walk(side, name(channel), 3, undefined),
      annotations: await annotationsOf(side, name(channel), serials),
      changes: await Promise.all(
        side.positions
          .filter((_, index) => index % 5 === 0)
          .map((each) => changesSince(side, name(channel), each)),
      ),
      messages: plain(await Promise.all(serials.map((serial) => side.engine.message(name(channel), serial)))),
      elsewhere: plain(
        (await Promise.all(serials.map((serial) => side.engine.message('elsewhere', serial)))) as unknown,
      ),
    }));
    expect(actual).toEqual(expected);
  }
  const [model, tested] = pair.sides;
  expect(plain(tested.events)).toEqual(plain(model.events));
}

it('does as the memory engine does, reopened at any moment (I1 I3 I5 I6 I9)', async () => {
  const folder = temporaryFolder();
  const pairs = {
    'every message in memory': new Pair(join(folder, 'hot.db'), { synchronous: 'normal' }),
    'next to no message in memory': new Pair(join(folder, 'cold.db'), { hotBytes: 3000 }),
  };
  let run = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('every message in memory' as const, 'next to no message in memory' as const),
      commands,
      async (kind, list) => {
        const pair = pairs[kind];
        // Channels of its own for each run: one pair of engines serves them all.
        const prefix = `run ${(run += 1)} `;
        const name = (channel: string): string => prefix + channel;
        await pair.begin(CHANNELS.map(name));
        for (const command of list) {
          await obey(pair, command, name);
          pair.remember();
        }
        await compareAll(pair, name);
      },
    ),
    { numRuns: 1000 },
  );
  for (const { sides } of Object.values(pairs)) await sides[1].engine.close();
}, 120_000);
