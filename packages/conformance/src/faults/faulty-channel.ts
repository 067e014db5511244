import { ChannelError } from '@holdfast/channel';
import type { Channel, Operation, Receipt } from '@holdfast/channel';
import type { Dice } from './dice.ts';
import { createFaultyPresence } from './faulty-presence.ts';
import { openFaultySubscription } from './faulty-subscription.ts';
import { createLane } from './lane.ts';
import type { Line } from './line.ts';
import type { FaultOptions } from './options.ts';

export interface FaultyParts {
  readonly faults: FaultOptions;
  readonly dice: Dice;
  readonly line: Line;
}

/** A channel with a bad line between it and the one behind. */
export function createFaultyChannel(channel: Channel, parts: FaultyParts): Channel {
  const { faults, dice, line } = parts;
  const lane = createLane(parts);
  const { ask } = lane;
  let calls = 0;

  const send = async (call: number, operations: Operations, publish: Publish) => {
    const result = publish();
    // What the second one comes to is of no interest: it says what the first one says, or that it came too late.
    const again = mayRepeat(channel, operations) && dice.roll(faults.duplicate) ? publish() : undefined;
    const [receipts] = await Promise.all([result, again?.catch(() => undefined)]);
    if (call === calls && mayLose(channel, operations) && dice.roll(faults.lose))
      throw new ChannelError('unknown_outcome', 'The receipt was lost by the test.');
    return receipts;
  };

  return {
    name: channel.name,
    get features() {
      return channel.features;
    },
    presence: createFaultyPresence(channel.presence, { ...parts, lane }),
    publish(operations, options) {
      const call = (calls += 1);
      return lane.inTurn(
        () => send(call, operations, () => channel.publish(operations, options)),
        'unknown_outcome',
      );
    },
    signal: (draft) => ask(() => channel.signal(draft)),
    async subscribe(listener, options = {}) {
      if (typeof listener !== 'function') return channel.subscribe(listener, options);
      line.check();
      return openFaultySubscription(channel, listener, { ...options, ...parts });
    },
    history: (query) => ask(() => channel.history(query)),
    annotations: (serial, query) => ask(() => channel.annotations(serial, query)),
  };
}

type Operations = Operation | readonly Operation[];
type Publish = () => Promise<readonly Receipt[]>;

/** Whether sending it twice in a row has no effect (I5). */
function mayRepeat({ features }: Channel, operations: Operations): boolean {
  return actionsOf(operations).every(
    (action) =>
      action === 'create' || action === 'annotate' || (action === 'append' && features.checksOffsets),
  );
}

/** Whether it may be tried again later, when other calls may have been made. */
function mayLose(channel: Channel, operations: Operations): boolean {
  if (Array.isArray(operations)) return false;
  return actionsOf(operations)[0] === 'delete' || mayRepeat(channel, operations);
}

/** What is malformed has no action here: it is for the channel behind to refuse. */
function actionsOf(operations: Operations): readonly (string | undefined)[] {
  const list = (Array.isArray(operations) ? operations : [operations]) as readonly (Operation | null)[];
  return list.map((operation) => operation?.action);
}
