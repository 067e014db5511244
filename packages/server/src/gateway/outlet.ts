import type { Delivery } from '@holdfast/channel';
import { createDeliveryEncoder, encodeFrame, type DownFrame } from '@holdfast/websocket/wire';
import type { Pipe } from './pipe.ts';

export interface OutletOptions {
  readonly pipe: Pick<Pipe, 'send' | 'buffered'>;
  /** As in `GatewayLimits`. */
  readonly bufferedBytes: number;
  /** So much is waiting that the reader must be taken for dead. */
  readonly overflowed: () => void;
  readonly sent: (bytes: number) => void;
}

/** What goes down one connection, and whether its reader keeps up. */
export interface Outlet {
  send(frame: DownFrame): void;
  deliver(subscription: number, delivery: Delivery): void;
  forget(subscription: number): void;
  /** The reader is behind: deliveries are to be dropped, reads to wait. */
  readonly congested: boolean;
  /** Resolves when it isn't congested, at once where it never was. */
  relief(): Promise<void>;
  /** The pipe says that what had piled up is gone. */
  drained(): void;
  /** Calls `listener` at the end of each congestion. */
  onRelief(listener: () => void): void;
}

/** Answers that were asked for may exceed the limit, by so much. */
const OVERFLOW_FACTOR = 16;

export function createOutlet({ pipe, bufferedBytes, overflowed, sent }: OutletOptions): Outlet {
  const encoder = createDeliveryEncoder();
  const listeners = new Set<() => void>();
  let waiting: (() => void)[] = [];
  let congested = false;

  const send = (frame: DownFrame): void => {
    const text = encodeFrame(frame);
    pipe.send(text);
    sent(text.length);
    const { buffered } = pipe;
    if (buffered > bufferedBytes) congested = true;
    if (buffered > bufferedBytes * OVERFLOW_FACTOR) overflowed();
  };

  return {
    send,
    deliver(subscription, delivery) {
      for (const frame of encoder.encode(subscription, delivery)) send(frame);
    },
    forget: (subscription) => encoder.forget(subscription),
    get congested() {
      return congested;
    },
    relief: () => (congested ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve()),
    drained() {
      if (!congested || pipe.buffered > bufferedBytes / 2) return;
      congested = false;
      const resolved = waiting;
      waiting = [];
      for (const resolve of resolved) resolve();
      for (const listener of listeners) listener();
    },
    onRelief: (listener) => void listeners.add(listener),
  };
}
