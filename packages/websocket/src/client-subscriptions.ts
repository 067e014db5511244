import type { Delivery, SubscribeOptions, Subscription } from '@holdfast/channel';
import type { Sustained } from './sustained.ts';
import { createStanding, type UpFrame } from './wire.ts';

/** Subscriptions that go on over broken connections, each from where it stands. */
export interface ClientSubscriptions {
  open(
    channel: string,
    listener: (delivery: Delivery) => void,
    options: SubscribeOptions,
  ): Promise<Subscription>;
  received(subscription: number, delivery: Delivery): void;
}

export function createClientSubscriptions(sustained: Sustained): ClientSubscriptions {
  const listeners = new Map<number, (delivery: Delivery) => void>();

  return {
    async open(channel, listener, options) {
      const standing = createStanding(options);
      let own = 0;
      let open = true;
      const end = (): void => {
        open = false;
        listeners.delete(own);
      };
      const frame = (id: number, alias: number): UpFrame => {
        own = id;
        if (open)
          listeners.set(id, (delivery) => {
            standing.take(delivery);
            listener(delivery);
          });
        return ['subscribe', id, alias, encodeOptions(standing.resume())];
      };
      try {
        const opened = await sustained.open('started', channel, frame);
        const [, , start] = opened.answer;
        standing.begin(start);
        void opened.closed.then(end);
        return {
          start,
          closed: opened.closed,
          close() {
            end();
            opened.close();
          },
        };
      } catch (error) {
        end();
        throw error;
      }
    },
    received: (subscription, delivery) => listeners.get(subscription)?.(delivery),
  };
}

function encodeOptions({
  from,
  known,
}: SubscribeOptions): Extract<UpFrame, readonly ['subscribe', ...unknown[]]>[3] {
  return {
    ...(from !== undefined && { from }),
    ...(known !== undefined && known.size > 0 && { known: [...known] }),
  };
}
