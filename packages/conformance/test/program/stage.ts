import { createMemoryChannels, createMemoryEngine } from '@holdfast/channel/memory';
import { createChannelFold, followChannel, isChannelError } from '@holdfast/channel';
import type { Channel, Operation, Position, Receipt, Serial } from '@holdfast/channel';
import { decodePosition, encodePosition } from '@holdfast/channel/engine';
import type { Engine } from '@holdfast/channel/engine';
import { follow } from '../../src/channel/following.ts';
import { listAll } from '../../src/channel/listing.ts';
import { openReader } from '../../src/channel/reader.ts';
import type { Reader } from '../../src/channel/reader.ts';
import { EMPTY_VIEW, applyHistory } from '../../src/channel/view.ts';
import type { View } from '../../src/channel/view.ts';
import { waitUntil } from '../../src/channel/waiting.ts';
import { withFaults } from '../../src/faults.ts';
import type { FaultOptions } from '../../src/faults.ts';
import { canonical } from '../../src/law/canonical.ts';
import { same } from '../../src/law/violation.ts';
import { Model } from './model.ts';
import type { Act, Event } from './step.ts';

const PATIENCE_MS = 10_000;

export interface StageOptions {
  /** Of the publishers' connections and of the readers' one. */
  readonly faults: Omit<FaultOptions, 'turn'>;
  readonly readerFaults?: Omit<FaultOptions, 'turn'>;
  readonly wrap?: (engine: Engine) => Engine;
}

/** Two publishers and any number of readers on one memory channel, all of them over bad lines. */
export class Stage {
  readonly model = new Model();
  readonly readers: Promise<Reader>[] = [];
  /** Those of them that came with a position that proves nothing. */
  readonly strays: Promise<Reader>[] = [];
  /** Calls that nobody has waited for. */
  readonly calls: Promise<unknown>[] = [];
  readonly #plain: Channel;
  readonly #lines;
  readonly #publishers: readonly Channel[];
  readonly #watcher: Channel;
  readonly #ready: Reader[] = [];
  readonly #followers: (() => Promise<void>)[] = [];
  readonly #missing: string[] = [];
  #wanted: string | undefined;
  readonly #heal: (() => void)[] = [];

  constructor({ faults, readerFaults = faults, wrap = (engine) => engine }: StageOptions) {
    const engine = wrap(createMemoryEngine());
    const connect = (clientId: string) => createMemoryChannels({ engine, clientId });
    const publishers = ['ada', 'bob'].map((clientId, index) =>
      withFaults(connect(clientId), { ...faults, seed: faults.seed + index, turn }),
    );
    const watcher = withFaults(connect('cyd'), { ...readerFaults, turn });
    this.#lines = { publishers, watcher };
    this.#publishers = publishers.map((channels) => channels.channel('c'));
    this.#watcher = watcher.channel('c');
    this.#plain = connect('dan').channel('c');
  }

  /** Does what a publisher does, waiting for a receipt only of a create, without which it can't go on. */
  async begin(act: Act): Promise<void> {
    const operation = this.model.operation(act);
    const channel = this.#publishers[act.by];
    if (operation === undefined || channel === undefined) return;
    const call = insistOn(channel, operation).catch((error: unknown) => {
      // Somebody may annotate what its publisher deletes at the same time.
      const late = operation.action === 'annotate' && isChannelError(error) && error.code === 'not_found';
      if (!late) throw error;
      return [];
    });
    if (operation.action !== 'create') return void this.calls.push(call);
    const [receipt] = await call;
    if (receipt !== undefined) this.model.stored(operation, act.by, receipt.serial);
  }

  /** Does what a publisher does until it has the receipt; after so many turns its line breaks for a moment. */
  async finish(act: Act, breakAfter: number | undefined): Promise<void> {
    const begun = this.begin(act);
    if (breakAfter !== undefined) {
      for (let index = 0; index < breakAfter; index += 1) await turn();
      await this.happen({ act: 'break' }, 'publishers');
      await turn();
      await this.happen({ act: 'heal' }, 'publishers');
    }
    await begun;
    await Promise.all(this.calls.splice(0));
  }

  async happen(event: Event, broken: 'publishers' | 'watcher'): Promise<void> {
    switch (event.act) {
      case 'turns':
        for (let index = 0; index < event.count; index += 1) await turn();
        return;
      case 'join':
        void this.join({ pageSize: event.pageSize });
        return;
      case 'follow':
        return this.follow(event.pageSize);
      case 'resume': {
        const reader = this.#ready[event.reader % Math.max(1, this.#ready.length)];
        if (reader === undefined) return;
        const known = await upTo(this.#plain, reader, event.at % (reader.deliveries.length + 1));
        void this.join({ from: known.position, knowing: known.view, tells: event.tells });
        return;
      }
      case 'stray': {
        const subscription = await this.#plain.subscribe(() => {});
        subscription.close();
        this.strays.push(this.join({ from: strayed(subscription.start, event.kind) }));
        return;
      }
      case 'break':
        if (broken === 'watcher') this.#heal.push(this.#lines.watcher.cut());
        else this.#heal.push(...this.#lines.publishers.map((channels) => channels.cut()));
        return;
      case 'heal':
        for (const heal of this.#heal.splice(0)) heal();
    }
  }

  join(options: Omit<Parameters<typeof openReader>[1], 'patience'>): Promise<Reader> {
    const reader = openReader(this.#watcher, { ...options, patience: PATIENCE_MS });
    reader.then(
      (ready) => this.#ready.push(ready),
      // Seen in the end.
      () => {},
    );
    this.readers.push(reader);
    return reader;
  }

  /** Follows the channel as the library does, down to its first message. */
  follow(pageSize: number): void {
    const fold = createChannelFold();
    const look = (): boolean => canonical(fold.messages()) === this.#wanted;
    const wake = new Set<() => void>();
    const following = followChannel(
      this.#watcher,
      (event) => {
        if (event.kind === 'page') for (const message of event.messages) fold.add(message);
        if (event.kind === 'gap') fold.apply({ kind: 'gap', position: '' as Position });
        if (event.kind === 'delivery' && fold.apply(event.delivery).missing !== undefined)
          this.#missing.push(event.delivery.kind);
        for (const each of wake) each();
      },
      { pageSize, needs: () => '' as Serial },
    );
    this.#followers.push(async () => {
      await waitUntil({ ready: look, wake, patience: PATIENCE_MS, what: 'a follower to know everything' });
      following.close();
    });
  }

  /** Heals what is broken, waits for every call, and checks that every reader knows what history holds. */
  async end(): Promise<readonly Reader[]> {
    for (const heal of this.#heal.splice(0)) heal();
    await Promise.all(this.calls.splice(0));
    const log = await listAll(this.#plain);
    const readers = await Promise.all(this.readers);
    for (const reader of readers) await reader.knows(log);
    this.#wanted = canonical(log);
    await Promise.all(this.#followers.map((caughtUp) => caughtUp()));
    same(this.#missing, [], 'deliveries that a follower could not place');
    for (const reader of await Promise.all(this.strays))
      await reader.until(() => reader.deliveries.length > 0, 'word for a reader with a bad position');
    await Promise.all([...this.#lines.publishers, this.#lines.watcher].map((channels) => channels.close()));
    return readers;
  }

  /** Ids, data, tombstones and likes of the messages in history, oldest first. */
  async outline(): Promise<unknown> {
    return (await listAll(this.#plain)).map(({ id, data, deleted = false, annotations }) => {
      const { 'likes:total.v1': likes = { total: 0 } } = annotations?.types ?? {};
      return { id, data, deleted, likes: likes.total };
    });
  }
}

/** What a reader knew after so many deliveries, and where it was. */
async function upTo(
  channel: Channel,
  reader: Reader,
  count: number,
): Promise<{ view: View; position: Position }> {
  let position = reader.subscription.start;
  const past = await listAll(channel, { until: position });
  const { messages } = applyHistory(EMPTY_VIEW, past);
  let view: View = { messages, met: new Set(messages.keys()) };
  for (const delivery of reader.deliveries.slice(0, count)) {
    view = await follow(channel, view, delivery);
    if (delivery.kind !== 'signal') ({ position } = delivery);
  }
  return { view, position };
}

/** Publishes until there is a receipt, or a refusal. Turns pass meanwhile, no time: thousands of programs are to be run. */
async function insistOn(channel: Channel, operation: Operation): Promise<readonly Receipt[]> {
  for (;;) {
    try {
      return await channel.publish(operation);
    } catch (error) {
      if (!isChannelError(error) || !error.retryable) throw error;
      await turn();
    }
  }
}

function strayed(position: Position, kind: 'garbage' | 'ahead' | 'another epoch'): Position {
  const at = decodePosition(position);
  if (at === undefined || kind === 'garbage') return 'garbage' as Position;
  return kind === 'ahead' ? encodePosition(at.epoch, at.tick + 2 ** 52) : encodePosition('another', at.tick);
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
