import type { Delivery, Position, Serial } from '@holdfast/channel';
import type { DownFrame } from './frames.ts';
import { encodePosition, versionIn } from './relative-position.ts';

/** Aliases are given again after this many, so that neither side keeps more. */
const MAX_ALIASES = 8192;

/** Writes deliveries as frames, with short names for messages. One for each connection. */
export interface DeliveryEncoder {
  encode(subscription: number, delivery: Delivery): readonly DownFrame[];
  /** The subscription ended. */
  forget(subscription: number): void;
}

interface Alias {
  readonly subscription: number;
  readonly serial: Serial;
}

export function createDeliveryEncoder(): DeliveryEncoder {
  const bySerial = new Map<number, Map<Serial, number>>();
  const byAlias: (Alias | undefined)[] = [];
  const positions = new Map<number, Position>();
  let given = 0;

  const give = (subscription: number, serial: Serial): number => {
    const alias = given % MAX_ALIASES;
    given += 1;
    const before = byAlias[alias];
    if (before !== undefined) bySerial.get(before.subscription)?.delete(before.serial);
    byAlias[alias] = { subscription, serial };
    const serials = bySerial.get(subscription) ?? new Map<Serial, number>();
    bySerial.set(subscription, serials.set(serial, alias));
    return alias;
  };

  const relative = (subscription: number, position: Position): string => {
    const text = encodePosition(positions.get(subscription), position);
    positions.set(subscription, position);
    return text;
  };

  return {
    encode(subscription, delivery) {
      if (delivery.kind === 'signal') return [['s', subscription, delivery.signal]];
      if (delivery.kind === 'gap') return [['g', subscription, relative(subscription, delivery.position)]];
      const serial = delivery.kind === 'message' ? delivery.message.serial : delivery.serial;
      const known = bySerial.get(subscription)?.get(serial);
      const alias = known ?? give(subscription, serial);
      const position = relative(subscription, delivery.position);
      if (delivery.kind === 'message') return [['m', subscription, alias, delivery.message, position]];
      const frame: DownFrame =
        delivery.kind === 'annotations'
          ? ['n', alias, delivery.summary, position]
          : delivery.version === versionIn(delivery.position)
            ? ['a', alias, delivery.offset, delivery.data, position]
            : ['a', alias, delivery.offset, delivery.data, position, delivery.version];
      return known === undefined ? [['i', subscription, alias, serial], frame] : [frame];
    },
    forget(subscription) {
      for (const alias of bySerial.get(subscription)?.values() ?? []) byAlias[alias] = undefined;
      bySerial.delete(subscription);
      positions.delete(subscription);
    },
  };
}
