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

  /** The most recently changed stay; no length: nothing can be appended to it. */
  const remember = (serial: Serial, length: number | undefined): void => {
    lengths.delete(serial);
    if (length !== undefined) lengths.set(serial, length);
    const [oldest] = lengths.keys();
    if (oldest !== undefined && lengths.size > MAX_KNOWN) lengths.delete(oldest);
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
      if (delivery.kind === 'gap') lengths.clear();
      if (delivery.kind === 'message') {
        const { serial, data } = delivery.message;
        remember(serial, typeof data === 'string' ? data.length : undefined);
      }
      if (delivery.kind === 'append') {
        const { serial, offset, data } = delivery;
        remember(serial, Math.max(lengths.get(serial) ?? 0, offset + data.length));
      }
    },
    resume: () => (position === undefined ? {} : { from: position, known: new Map(lengths) }),
  };
}
