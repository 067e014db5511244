import type { Delivery, Position, Serial, SubscribeOptions } from '@holdfast/channel';

/** Messages that change are few and recent: a message that was forgotten comes whole, which is right as well. */
const MAX_KNOWN = 256;

/**
 * Where one subscription stands: enough to go on from there after a lost connection, or after deliveries that were
 * dropped, with only what is missing.
 */
export interface Standing {
  readonly position: Position | undefined;
  /** Where live delivery started, for a subscription that has not been told anything yet. */
  begin(start: Position): void;
  take(delivery: Delivery): void;
  /** As options of the subscription that goes on. */
  resume(): SubscribeOptions;
}

export function createStanding({ from, known }: SubscribeOptions = {}): Standing {
  const lengths = new Map(known);
  let position = from;

  /** The most recently changed stay. */
  const remember = (serial: Serial, length: number): void => {
    lengths.delete(serial);
    lengths.set(serial, length);
    if (lengths.size <= MAX_KNOWN) return;
    const [oldest] = lengths.keys();
    if (oldest !== undefined) lengths.delete(oldest);
  };

  return {
    get position() {
      return position;
    },
    begin(start) {
      position ??= start;
    },
    take(delivery) {
      if (delivery.kind === 'signal') return;
      position = delivery.position;
      switch (delivery.kind) {
        case 'message': {
          const { serial, data } = delivery.message;
          if (typeof data === 'string') remember(serial, data.length);
          else lengths.delete(serial);
          return;
        }
        case 'append': {
          const { serial, offset, data } = delivery;
          return remember(serial, Math.max(lengths.get(serial) ?? 0, offset + data.length));
        }
        case 'gap':
          return lengths.clear();
        case 'annotations':
          return;
      }
    },
    resume: () => (position === undefined ? {} : { from: position, known: new Map(lengths) }),
  };
}
