import { toAblyError, toWireError } from '../protocol/errors.ts';
import { Action } from '../protocol/actions.ts';
import type { Identity } from '../auth/identity.ts';
import type { InboundFrame, OutboundFrame } from '../protocol/frames.ts';
import { createRollUp } from '../channels/roll-up.ts';
import { createRate } from '../channels/limits.ts';
import { createAcks } from './acks.ts';
import { createAttachments } from './attachments.ts';
import { createConnectionId, createConnectionKey } from './connection-key.ts';
import type { ServerContext } from './context.ts';
import { createPresenceSeats } from './presence-seats.ts';
import { createPublishing } from './publishing.ts';

/** What carries a connection for the moment. */
export interface Carrier {
  send(frame: OutboundFrame): void;
  /** Ends the socket as a network does. */
  cut(): void;
  /** Ends it in order. */
  end(): void;
}

/** A client's connection, which outlives its sockets. */
export interface Connection {
  readonly id: string;
  readonly key: string;
  readonly isConnected: boolean;
  readonly identity: Identity;
  /** Goes on over a socket, under a new key. */
  carry(carrier: Carrier): void;
  /** The socket is gone. */
  lose(carrier: Carrier): void;
  receive(frame: InboundFrame): void;
  send(frame: OutboundFrame): void;
  /** Takes a new token. */
  renew(identity: Identity): void;
  cut(): void;
  swallowAcks(): void;
  holdAppends(): () => void;
  /** Ends it for good; its members leave (`goodbye`) or are lost. */
  close(goodbye: boolean): Promise<void>;
}

export function createConnection(
  context: ServerContext,
  initial: Identity,
  params: Readonly<Record<string, string>>,
): Connection {
  const id = createConnectionId();
  let key = createConnectionKey(id);
  let identity = initial;
  let carrier: Carrier | undefined;
  const send = (frame: OutboundFrame): void => carrier?.send(frame);

  const windowMs = Number(params['appendRollupWindow'] ?? context.rollUpMs);
  const rollUp = createRollUp(Math.min(500, Math.max(0, Number.isFinite(windowMs) ? windowMs : 0)));
  const acks = createAcks();
  const seats = createPresenceSeats(context.hub.engine, id, context.now);
  const connection = {
    context,
    id,
    echo: params['echo'] !== 'false',
    send,
    rollUp,
    seats,
    spend: createRate(context.limits.messagesPerSecond, context.now),
    get identity() {
      return identity;
    },
  };
  const attachments = createAttachments(connection);
  const publishing = createPublishing(connection);

  const sendAck = (target: Carrier) => (frame: OutboundFrame) => {
    void context.faults.acksMayGo.then(() => {
      if (carrier === target) target.send(frame);
    });
  };

  return {
    id,
    get key() {
      return key;
    },
    get isConnected() {
      return carrier !== undefined;
    },
    get identity() {
      return identity;
    },
    carry(next) {
      key = createConnectionKey(id);
      const last = carrier;
      carrier = next;
      last?.end();
      attachments.dropAll();
      acks.sendTo(sendAck(next));
      seats.alive(true);
    },
    lose(lost) {
      if (carrier !== lost) return;
      carrier = undefined;
      acks.sendTo(undefined);
      attachments.dropAll();
      seats.alive(false);
    },
    receive(frame) {
      const { channel, msgSerial = 0 } = frame;
      switch (frame.action) {
        case Action.heartbeat:
          return send({ action: Action.heartbeat, ...(frame.id != null && { id: frame.id }) });
        case Action.attach:
          return attachments.attach(channel ?? '', frame);
        case Action.detach:
          return attachments.detach(channel ?? '');
        case Action.sync:
          return attachments.sync(channel ?? '');
        case Action.message:
          return acks.accept(msgSerial, () => publishing.messages(frame, msgSerial));
        case Action.annotation:
          return acks.accept(msgSerial, () => publishing.annotations(frame, msgSerial));
        case Action.presence:
          return acks.accept(msgSerial, () => publishing.presence(frame, msgSerial));
      }
    },
    send,
    renew(next) {
      identity = next;
      attachments.reconsider();
    },
    cut: () => carrier?.cut(),
    swallowAcks: () => acks.sendTo(undefined),
    holdAppends: () => rollUp.hold(),
    async close(goodbye) {
      attachments.dropAll();
      rollUp.close();
      if (goodbye) {
        await seats.leaveAll().catch((error: unknown) => send(failure(error)));
        send({ action: Action.closed });
      }
      seats.close();
      carrier?.end();
      carrier = undefined;
    },
  };
}

function failure(error: unknown): OutboundFrame {
  return { action: Action.error, error: toWireError(toAblyError(error)) };
}
