import type { Operation, Position, Serial } from '@holdfast/channel';
import type { Engine, Outcome, Publisher, TailEvent } from '@holdfast/channel/engine';
import type { Call, Step } from '@holdfast/testing/arbitrary';

/** How long events may take before they count as missing. */
const PATIENCE_MS = 3000;

/** One engine's view of one channel, in which versions have become ranks: engines issue them by clocks of their own. */
export class View {
  readonly events: TailEvent[] = [];
  readonly positions: Position[] = [];
  readonly serials: Serial[] = [];
  readonly #ranks = new Map<string, string>();
  #wake = (): void => {};

  hear(event: TailEvent): void {
    this.events.push(event);
    if ('position' in event) {
      this.positions.push(event.position);
      this.#ranks.set(versionOf(event.position), `#${this.positions.length}`);
    }
    this.#wake();
  }

  async heard(count: number): Promise<void> {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.#wake();
    }, PATIENCE_MS);
    while (this.events.length < count && !late) await new Promise<void>((resolve) => (this.#wake = resolve));
    clearTimeout(timer);
  }

  note(outcomes: readonly Outcome[]): void {
    for (const outcome of outcomes)
      if (outcome.ok && !this.serials.includes(outcome.receipt.serial))
        this.serials.push(outcome.receipt.serial);
  }

  /** As JSON, with ranks for versions and positions, and without times and epochs. */
  plain(value: unknown): unknown {
    return JSON.parse(
      JSON.stringify(value, (key, inner: unknown) => {
        if (key === 'timestamp') return typeof inner;
        if (inner instanceof Error) return { ...inner, message: this.#ranked(inner.message) };
        return typeof inner === 'string' ? (this.#ranks.get(versionOf(inner)) ?? inner) : inner;
      }),
    );
  }

  #ranked(text: string): string {
    return text.replace(/[0-9a-z]{11}/g, (version) => this.#ranks.get(version) ?? version);
  }
}

/** One of the two engines, with a view of each channel. */
export interface Side {
  engine: Engine;
  readonly views: Map<string, View>;
}

export function viewOf(side: Side, channel: string): View {
  const view = side.views.get(channel) ?? new View();
  side.views.set(channel, view);
  return view;
}

export interface Prepared {
  readonly channel: string;
  readonly publisher: Publisher;
  readonly operations: readonly Operation[];
}

/** The operations of calls that are made together: appends expect those before them to be taken. */
export async function prepare(side: Side, calls: readonly Call[]): Promise<readonly Prepared[]> {
  // By channel and serial: channels may have the same serials.
  const lengths = new Map<string, number>();
  const lengthOf = async (channel: string, serial: Serial): Promise<number> => {
    const message = await side.engine.message(channel, serial);
    return typeof message?.data === 'string' ? message.data.length : 0;
  };
  const operationOf = async (channel: string, step: Step): Promise<Operation> => {
    if (step.action === 'create') return step;
    const serial = viewOf(side, channel).serials[step.target] ?? ('00000000000' as Serial);
    switch (step.action) {
      case 'seal':
        return { action: 'create', draft: { id: step.id, name: 'seal', data: '' }, seals: serial };
      case 'append': {
        const key = `${channel} ${serial}`;
        const length = lengths.get(key) ?? (await lengthOf(channel, serial));
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
  const prepared: Prepared[] = [];
  for (const { channel, publisher, steps } of calls) {
    const operations: Operation[] = [];
    for (const step of steps) operations.push(await operationOf(channel, step));
    prepared.push({ channel, publisher, operations });
  }
  return prepared;
}

function versionOf(text: string): string {
  return text.slice(text.lastIndexOf('.') + 1);
}
