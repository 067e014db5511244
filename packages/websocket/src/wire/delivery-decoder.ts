import type { Delivery, Position, Serial } from '@holdfast/channel';
import type { Down } from './frames.ts';
import { decodePosition, versionIn } from './relative-position.ts';

export type DeliveryFrame = Down<'m' | 'i' | 'a' | 'n' | 's' | 'g'>;

export interface Decoded {
  readonly subscription: number;
  /** Undefined for a frame that only gave an alias. */
  readonly delivery: Delivery | undefined;
}

/** Reads what a `DeliveryEncoder` wrote. One for each connection. */
export interface DeliveryDecoder {
  /** Undefined where a frame doesn't fit the ones before it: the connection is of no more use. */
  decode(frame: DeliveryFrame): Decoded | undefined;
}

export function createDeliveryDecoder(): DeliveryDecoder {
  const aliases = new Map<number, { readonly subscription: number; readonly serial: Serial }>();
  const positions = new Map<number, Position>();

  const absolute = (subscription: number, text: string): Position | undefined => {
    const position = decodePosition(positions.get(subscription), text);
    if (position !== undefined) positions.set(subscription, position);
    return position;
  };

  return {
    decode(frame) {
      switch (frame[0]) {
        case 's':
          return { subscription: frame[1], delivery: { kind: 'signal', signal: frame[2] } };
        case 'i': {
          const [, subscription, alias, serial] = frame;
          aliases.set(alias, { subscription, serial });
          return { subscription, delivery: undefined };
        }
        case 'g': {
          const [, subscription, text] = frame;
          const position = absolute(subscription, text);
          return position === undefined ? undefined : { subscription, delivery: { kind: 'gap', position } };
        }
        case 'm': {
          const [, subscription, alias, message, text] = frame;
          aliases.set(alias, { subscription, serial: message.serial });
          const position = absolute(subscription, text);
          return position === undefined
            ? undefined
            : { subscription, delivery: { kind: 'message', message, position } };
        }
        case 'n': {
          const known = aliases.get(frame[1]);
          const position = known && absolute(known.subscription, frame[3]);
          if (known === undefined || position === undefined) return undefined;
          const { subscription, serial } = known;
          return { subscription, delivery: { kind: 'annotations', serial, summary: frame[2], position } };
        }
        case 'a': {
          const [, alias, offset, data, text, version] = frame;
          const known = aliases.get(alias);
          const position = known && absolute(known.subscription, text);
          if (known === undefined || position === undefined) return undefined;
          const { subscription, serial } = known;
          return {
            subscription,
            delivery: {
              kind: 'append',
              serial,
              version: version ?? versionIn(position),
              data,
              offset,
              position,
            },
          };
        }
      }
    },
  };
}
