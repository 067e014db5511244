import { createMemoryEngine } from '@holdfast/channel/memory';
import { decodePosition, type Engine, type Publisher, type TailEvent } from '@holdfast/channel/engine';
import type { Operation, Position, Serial } from '@holdfast/channel';
import { expect } from 'vitest';
import { openDatabase } from '../../src/sqlite/database.ts';
import { checkSchema } from '../../src/sqlite/schema.ts';
import { createSqliteEngine, type EngineOptions } from '../../src/sqlite/sqlite-engine.ts';
import { create } from '@holdfast/testing/acts';
import type { Call, Step } from '@holdfast/testing/arbitrary';

const MAX_BYTES = 40_000;

/** One engine, with what a caller of it remembers. */
export interface Side {
  engine: Engine;
  readonly events: TailEvent[];
  readonly positions: Position[];
}

/** Two engines over one clock: the model, and the one that must do the same. */
export class Pair {
  time = 1_700_000_000_000;
  readonly #open: () => Engine;
  readonly sides: readonly [Side, Side];
  /** Serials by channel, the same on both sides. */
  readonly serials = new Map<string, Serial[]>();

  constructor(path: string, options: EngineOptions) {
    const now = (): number => this.time;
    this.#open = () =>
      createSqliteEngine(openDatabase(path, checkSchema), { ...options, now, maxMessageBytes: MAX_BYTES });
    const side = (engine: Engine): Side => ({ engine, events: [], positions: [] });
    this.sides = [side(createMemoryEngine({ now, maxMessageBytes: MAX_BYTES })), side(this.#open())];
  }

  both<T>(ask: (side: Side) => Promise<T>): Promise<[T, T]> {
    return Promise.all([ask(this.sides[0]), ask(this.sides[1])]);
  }

  /** Forgets the run before, and listens to the channels of the next. */
  async begin(channels: readonly string[]): Promise<void> {
    this.serials.clear();
    for (const { engine, events, positions } of this.sides) {
      events.length = 0;
      positions.length = 0;
      for (const channel of channels) await engine.tail(channel, (event) => events.push(event));
    }
  }

  /** Notes the positions of what the tails were told. */
  remember(): void {
    for (const { events, positions } of this.sides)
      for (const event of events.slice(positions.length))
        if ('position' in event) positions.push(event.position);
  }

  async reopen(channels: readonly string[]): Promise<void> {
    const [model, tested] = this.sides;
    await tested.engine.close();
    // Ticks that refused operations used up are not stored: a commit a millisecond above them brings both together.
    const { head } = await model.engine.tail('elsewhere', () => {});
    this.time = Math.max(this.time, Math.floor((decodePosition(head)?.tick ?? 0) / 1024) + 1);
    tested.engine = this.#open();
    const [expected, actual] = await this.both(({ engine }) => create(engine, 'elsewhere', `${this.time}`));
    expect(actual).toEqual(expected);
    for (const channel of channels) await tested.engine.tail(channel, (event) => tested.events.push(event));
  }
}

/** The operations of calls that are made together: appends expect those before them to be taken. */
export async function prepare(
  { engine }: Side,
  calls: readonly Call[],
  pair: Pair,
  name: (channel: string) => string,
) {
  const lengths = new Map<Serial, number>();
  const lengthOf = async (channel: string, serial: Serial): Promise<number> => {
    const message = await engine.message(name(channel), serial);
    return typeof message?.data === 'string' ? message.data.length : 0;
  };
  const operationOf = async (channel: string, step: Step): Promise<Operation> => {
    if (step.action === 'create') return step;
    const serial = pair.serials.get(channel)?.[step.target] ?? ('00000000000' as Serial);
    switch (step.action) {
      case 'seal':
        return { action: 'create', draft: { id: step.id, name: 'seal', data: '' }, seals: serial };
      case 'append': {
        const length = lengths.get(serial) ?? (await lengthOf(channel, serial));
        const offset = Math.max(0, length - step.back);
        lengths.set(serial, Math.max(length, offset + step.data.length));
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
  const prepared: { channel: string; publisher: Publisher; operations: readonly Operation[] }[] = [];
  for (const { channel, publisher, steps } of calls) {
    const operations: Operation[] = [];
    for (const step of steps) operations.push(await operationOf(channel, step));
    prepared.push({ channel, publisher, operations });
  }
  return prepared;
}
