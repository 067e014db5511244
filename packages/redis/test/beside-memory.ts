import type { Position } from '@holdfast/channel';
import type { Engine } from '@holdfast/channel/engine';
import { createMemoryEngine } from '@holdfast/channel/memory';
import fc from 'fast-check';
import { expect } from 'vitest';
import { CHANNELS, commands, type Call, type Command } from '@holdfast/testing/arbitrary';
import { prepare, viewOf, type Side, type View } from './pair.ts';

/** What both sides of a pair store at most in a message. */
export const MAX_BYTES = 40_000;

export interface Tested {
  readonly open: () => Engine;
  /** Does to it what may happen to it at any time. */
  readonly disturb: () => Promise<unknown>;
  readonly runs: number;
}

/** Runs commands against an engine and the memory engine, and compares all that either says. */
export async function checkBesideMemory({ open, disturb, runs }: Tested): Promise<void> {
  const pair = new Pair(open, disturb);
  let run = 0;
  try {
    await fc.assert(
      fc.asyncProperty(commands, async (list) => {
        // Channels of its own for each run: one pair of engines serves them all.
        const prefix = `run ${(run += 1)} `;
        // Not by their names there: adapters refuse unpaired surrogates in names. Braces mean something to a cluster.
        const name = (channel: string): string =>
          `${prefix}${channel === CHANNELS[0] ? '}{' : '%7B\u{1f600}'}`;
        const channels = CHANNELS.map(name);
        await pair.listen(pair.sides, channels);
        for (const command of list) await obey(pair, command, name);
        for (const channel of channels) await compareAll(pair, channel);
      }),
      { numRuns: runs },
    );
  } finally {
    await pair.sides[1].engine.close();
  }
}

class Pair {
  readonly sides: readonly [Side, Side];
  readonly #open: () => Engine;
  readonly disturb: () => Promise<unknown>;

  constructor(open: () => Engine, disturb: () => Promise<unknown>) {
    this.#open = open;
    this.disturb = disturb;
    this.sides = [
      { engine: createMemoryEngine({ maxMessageBytes: MAX_BYTES }), views: new Map() },
      { engine: open(), views: new Map() },
    ];
  }

  async same<T>(channel: string, ask: (engine: Engine, view: View) => Promise<T>): Promise<void> {
    const [expected, actual] = await Promise.all(
      this.sides.map(async (side) => {
        const view = viewOf(side, channel);
        return view.plain(await ask(side.engine, view));
      }),
    );
    expect(actual).toEqual(expected);
  }

  async listen(sides: readonly Side[], channels: readonly string[]): Promise<void> {
    for (const side of sides)
      for (const channel of channels) {
        const view = viewOf(side, channel);
        await side.engine.tail(channel, (event) => view.hear(event));
      }
  }

  async commit(calls: readonly Call[]): Promise<void> {
    const told = await Promise.all(
      this.sides.map(async (side) => {
        const prepared = await prepare(side, calls);
        const results = await Promise.all(
          prepared.map((call) => side.engine.commit(call.channel, call.publisher, call.operations)),
        );
        for (const [index, { channel }] of prepared.entries())
          viewOf(side, channel).note(results[index] ?? []);
        return { side, prepared, results };
      }),
    );
    const [expected, actual] = await Promise.all(
      told.map(async ({ side, prepared, results }) => {
        for (const channel of new Set(calls.map((call) => call.channel)))
          await viewOf(side, channel).heard(viewOf(this.sides[0], channel).events.length);
        return prepared.map(({ channel }, index) => viewOf(side, channel).plain(results[index]));
      }),
    );
    expect(actual).toEqual(expected);
  }

  async reopen(channels: readonly string[]): Promise<void> {
    const [, tested] = this.sides;
    await tested.engine.close();
    tested.engine = this.#open();
    await this.listen([tested], channels);
  }
}

/** Every page from the newest on, walked by its cursors. */
async function walk(engine: Engine, channel: string, limit: number, until: Position | undefined) {
  const pages: unknown[] = [];
  let query: Parameters<Engine['page']>[1] | undefined = { limit, ...(until !== undefined && { until }) };
  while (query !== undefined) {
    const page = await engine.page(channel, query);
    pages.push(page);
    query = page.next === undefined ? undefined : { ...query, cursor: page.next };
  }
  return pages;
}

async function obey(pair: Pair, command: Command, name: (channel: string) => string): Promise<void> {
  switch (command.kind) {
    case 'commit':
      return pair.commit(command.calls.map((call) => ({ ...call, channel: name(call.channel) })));
    case 'clock':
      // The tested engine has its own.
      await pair.disturb();
      return;
    case 'reopen':
      return pair.reopen(CHANNELS.map(name));
    case 'page': {
      const channel = name(command.channel);
      return pair.same(channel, (engine, view) =>
        walk(engine, channel, command.limit, view.positions[command.until]),
      );
    }
    case 'since': {
      const channel = name(command.channel);
      return pair.same(channel, async (engine, { positions }) => {
        const position = positions[command.position];
        return position === undefined ? [] : await changed(engine, channel, position);
      });
    }
  }
}

async function changed(engine: Engine, channel: string, position: Position): Promise<unknown> {
  const changes = await engine.changesSince(channel, position);
  return changes?.changed.map(({ message, rewritten }) => ({ message, rewritten }));
}

/** Everything that can be asked, and everything that the tails were told. */
async function compareAll(pair: Pair, channel: string): Promise<void> {
  await pair.same(channel, async (engine, { events, positions, serials }) => ({
    events,
    pages: await walk(engine, channel, 3, undefined),
    messages: await Promise.all(serials.map((serial) => engine.message(channel, serial))),
    elsewhere: await Promise.all(serials.map((serial) => engine.message('elsewhere', serial))),
    changes: await Promise.all(
      positions.filter((_, index) => index % 5 === 0).map((each) => changed(engine, channel, each)),
    ),
    annotations: await Promise.all(
      serials.map(async (serial) => {
        const first = await engine.annotations(channel, serial, { limit: 2 });
        if (first.next === undefined) return [first];
        return [first, await engine.annotations(channel, serial, { cursor: first.next })];
      }),
    ),
  }));
}
