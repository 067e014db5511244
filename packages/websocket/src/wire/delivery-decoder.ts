import type { Delivery, Position, Serial } from '@holdfast/channel';
import { misfit } from './errors.ts';
import type { Down, DownFrame } from './frames.ts';
import { decodePosition, versionIn } from './relative-position.ts';

export type DeliveryFrame = Down<'m' | 'i' | 'a' | 'n' | 's' | 'g'>;

export interface Decoded {
  readonly subscription: number;
  /** Absent for a frame that only gave an alias. */
  readonly delivery?: Delivery;
}

/** Reads what a `DeliveryEncoder` wrote. One for each connection. */
export interface DeliveryDecoder {
  /**
   * Undefined for a frame that has nothing to do with deliveries.
   *
   * @throws ChannelError `unavailable` for one that doesn't fit the ones before it: the connection is of no more use
   */
  decode(frame: DeliveryFrame): Decoded;
  decode(frame: DownFrame): Decoded | undefined;
}

interface Alias {
  readonly subscription: number;
  readonly serial: Serial;
}

export function createDeliveryDecoder(): DeliveryDecoder {
  const aliases = new Map<number, Alias>();
  const positions = new Map<number, Position>();

  const known = (alias: number): Alias => aliases.get(alias) ?? misfit();
  const at = (
    subscription: number,
    text: string,
    delivery: (position: Position) => Delivery,
  ): Required<Decoded> => {
    const position = decodePosition(positions.get(subscription), text) ?? misfit();
    positions.set(subscription, position);
    return { subscription, delivery: delivery(position) };
  };

  return { decode };

  function decode(frame: DeliveryFrame): Decoded;
  function decode(frame: DownFrame): Decoded | undefined;
  function decode(frame: DownFrame): Decoded | undefined {
    switch (frame[0]) {
      case 's':
        return { subscription: frame[1], delivery: { kind: 'signal', signal: frame[2] } };
      case 'g':
        return at(frame[1], frame[2], (position) => ({ kind: 'gap', position }));
      case 'i': {
        const [, subscription, alias, serial] = frame;
        aliases.set(alias, { subscription, serial });
        return { subscription };
      }
      case 'm': {
        const [, subscription, alias, message, text] = frame;
        aliases.set(alias, { subscription, serial: message.serial });
        return at(subscription, text, (position) => ({ kind: 'message', message, position }));
      }
      case 'n': {
        const [, alias, summary, text] = frame;
        const { subscription, serial } = known(alias);
        return at(subscription, text, (position) => ({ kind: 'annotations', serial, summary, position }));
      }
      case 'a': {
        const [, alias, offset, data, text, version] = frame;
        const { subscription, serial } = known(alias);
        return at(subscription, text, (position) => ({
          kind: 'append',
          serial,
          version: version ?? versionIn(position),
          data,
          offset,
          position,
        }));
      }
      default:
        return undefined;
    }
  }
}
