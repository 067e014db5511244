import {
  createChannelFold,
  type Delivery,
  type Message,
  type Operation,
  type Serial,
  type Version,
} from '@holdfast/channel';
import type { Engine, Outcome } from '@holdfast/channel/engine';
import { createMemoryEngine } from '@holdfast/channel/memory';
import { expect, vi } from 'vitest';
import { openEngineSubscription } from '../../channel/src/engine/engine-subscription.ts';
import type { Call, Step } from '@holdfast/testing/arbitrary';

/** One or more engines over the same storage, with what a caller of them remembers. Names are those of the runs. */
export class Side {
  engines: Engine[];
  #turn = 0;
  readonly serials = new Map<string, Serial[]>();
  /** By channel, of every change that has a receipt. */
  readonly versions = new Map<string, Version[]>();

  constructor(engines: Engine[]) {
    this.engines = engines;
  }
  /** Whose turn it is to write. */
  next(): Engine {
    this.#turn += 1;
    return this.engines[this.#turn % this.engines.length] ?? this.reader;
  }
  get reader(): Engine {
    const [first] = this.engines;
    if (first === undefined) throw new Error('There is no engine.');
    return first;
  }
}

/** A follower's fold of a channel, and where it comes from. */
interface Tailed {
  readonly engine: Engine;
  readonly name: string;
  readonly state: () => readonly Message[];
}

/** The model, and what must do the same, over one clock. */
export class Pair {
  time = 1_700_000_000_000;
  sides: readonly [Side, Side];
  #tailed: Tailed[] = [];
  #channels: readonly (readonly [string, string])[] = [];
  readonly #open: () => Promise<Engine[]>;

  private constructor(open: () => Promise<Engine[]>) {
    this.#open = open;
    this.sides = [new Side([]), new Side([])];
  }

  static async open(count: number, open: (now: () => number) => Promise<Engine>): Promise<Pair> {
    const now = (): number => pair.time;
    const pair = new Pair(() => Promise.all(Array.from({ length: count }, () => open(now))));
    const model = createMemoryEngine({ now, maxMessageBytes: 40_000 });
    pair.sides = [new Side([model]), new Side(await pair.#open())];
    return pair;
  }

  both<T>(ask: (side: Side) => Promise<T>): Promise<[T, T]> {
    return Promise.all([ask(this.sides[0]), ask(this.sides[1])]);
  }

  /** Forgets the run before, and follows the channels of the next. */
  async begin(channels: readonly (readonly [string, string])[]): Promise<void> {
    this.#channels = channels;
    for (const side of this.sides) {
      side.serials.clear();
      side.versions.clear();
    }
    await this.#follow();
  }

  /** Remembers what outcomes of one call on both sides name. */
  note(channel: string, outcomes: readonly [readonly Outcome[], readonly Outcome[]]): void {
    for (const [index, side] of this.sides.entries())
      for (const outcome of outcomes[index] ?? []) {
        if (outcome.ok)
          side.versions.set(channel, [...(side.versions.get(channel) ?? []), outcome.receipt.version]);
        const known = side.serials.get(channel) ?? [];
        if (outcome.ok && !known.includes(outcome.receipt.serial))
          side.serials.set(channel, [...known, outcome.receipt.serial]);
      }
  }

  async reopen(): Promise<void> {
    await this.close();
    this.sides[1].engines = await this.#open();
    await this.#follow();
  }

  /** Whoever followed since the beginning, over any of the engines, must come to know what is stored. */
  async checkTails(): Promise<void> {
    for (const { engine, name, state } of this.#tailed) {
      const { messages } = await engine.page(name, { limit: 1000 });
      const stored = messages.toReversed();
      await vi
        .waitUntil(() => JSON.stringify(plain(state())) === JSON.stringify(plain(stored)), {
          timeout: 3000,
          interval: 5,
        })
        .catch(() => expect(plain(state())).toEqual(plain(stored)));
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.sides[1].engines.map((engine) => engine.close()));
  }

  async #follow(): Promise<void> {
    this.#tailed = [];
    for (const side of this.sides)
      for (const engine of side.engines)
        for (const [, name] of this.#channels) {
          const fold = createChannelFold();
          const hear = (delivery: Delivery): void => {
            const { missing } = fold.apply(delivery);
            if (missing !== undefined) throw new Error('Text came for a message that was not told.');
          };
          const { messages } = await engine.page(name, { limit: 1000 });
          for (const message of messages) fold.add(message);
          // Not through the guard: names and ids here are wilder than it lets through.
          await openEngineSubscription(engine, name, hear, {});
          this.#tailed.push({ engine, name, state: () => fold.messages() });
        }
  }
}

/** The operations of calls that are made together: appends expect those before them to be taken. */
export async function operationsOf(
  { reader, serials }: Side,
  calls: readonly Call[],
  name: (channel: string) => string,
): Promise<readonly (readonly Operation[])[]> {
  /** By channel and serial: messages of two channels may share one. */
  const lengths = new Map<string, number>();
  const operationOf = async (channel: string, step: Step): Promise<Operation> => {
    if (step.action === 'create') return step;
    const serial = serials.get(channel)?.[step.target] ?? ('00000000000' as Serial);
    switch (step.action) {
      case 'seal':
        return { action: 'create', draft: { id: step.id, name: 'seal', data: '' }, seals: serial };
      case 'append': {
        const key = `${channel} ${serial}`;
        const data = lengths.has(key) ? '' : (await reader.message(name(channel), serial))?.data;
        const length = lengths.get(key) ?? (typeof data === 'string' ? data.length : 0);
        const offset = Math.max(0, length - step.back);
        lengths.set(key, Math.max(length, offset + step.data.length));
        return { action: 'append', serial, data: step.data, offset };
      }
      case 'update':
        return { action: 'update', serial, draft: step.draft };
      case 'delete':
        return { action: 'delete', serial };
      case 'annotate':
        return { action: 'annotate', serial, annotation: step.annotation };
    }
  };
  const prepared: Operation[][] = [];
  for (const { channel, steps } of calls) {
    const operations: Operation[] = [];
    for (const step of steps) operations.push(await operationOf(channel, step));
    prepared.push(operations);
  }
  return prepared;
}

/** With versions by their rank among those that are there: engines issue others, in the same order. */
export function plain(value: unknown): unknown {
  const json = JSON.stringify(value) ?? 'null';
  const versions = [...new Set(json.match(/"0[0-9a-z]{10}"/g))].toSorted();
  const ranks = new Map(versions.map((version, rank) => [version, `"version ${rank}"`]));
  return JSON.parse(json.replaceAll(/"0[0-9a-z]{10}"/g, (version) => ranks.get(version) ?? version));
}
