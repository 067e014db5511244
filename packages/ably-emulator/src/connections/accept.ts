import type { WebSocket } from 'ws';
import { authenticate } from '../auth/credentials.ts';
import type { Identity } from '../auth/identity.ts';
import { Action } from '../protocol/actions.ts';
import { refusal, toAblyError, toWireError, type AblyError } from '../protocol/errors.ts';
import type { InboundFrame } from '../protocol/frames.ts';
import type { Carrier, Connection } from './connection.ts';
import type { ServerContext } from './context.ts';
import { createExpiry } from './expiry.ts';
import type { Registry } from './registry.ts';
import { carryOver } from './socket.ts';

/** Lets a client in over a fresh socket, or tells it why not. Refusals are told on the open socket, as Ably does. */
export async function accept(
  context: ServerContext,
  registry: Registry,
  socket: WebSocket,
  query: URLSearchParams,
): Promise<void> {
  const params = Object.fromEntries(query);
  let connection: Connection | undefined;
  /** Frames that come before the client is known. */
  const early: InboundFrame[] = [];

  const carrier: Carrier = carryOver({
    socket,
    format: params['format'] === 'msgpack' ? 'msgpack' : 'json',
    seesPings: params['heartbeats'] === 'false',
    heartbeatMs: context.heartbeatMs,
    receive: (frame) => (connection === undefined ? void early.push(frame) : receive(connection, frame)),
    nonsense: (error) => fail(toAblyError(error)),
    closed() {
      expiry.close();
      if (connection !== undefined) registry.lost(connection, carrier);
    },
  });

  const fail = (error: AblyError): void => {
    carrier.send({ action: Action.error, error: toWireError(error) });
    carrier.end();
  };

  const expiry = createExpiry(context.now, {
    prompt: () => carrier.send({ action: Action.auth }),
    expire() {
      const error = toWireError(refusal('tokenExpired', 'The token has expired.'));
      carrier.send({ action: Action.disconnected, error });
      carrier.end();
    },
  });

  const welcome = ({ id, key }: Connection, { clientId }: Identity, failure?: AblyError): void =>
    carrier.send({
      action: Action.connected,
      connectionId: id,
      connectionDetails: {
        connectionKey: key,
        ...(clientId !== undefined && { clientId }),
        maxMessageSize: context.messageBytes,
        ...(context.limits.messagesPerSecond !== undefined && {
          maxInboundRate: context.limits.messagesPerSecond,
        }),
        connectionStateTtl: context.connectionTtlMs,
        maxIdleInterval: context.heartbeatMs,
        serverId: 'ably-emulator',
      },
      ...(failure !== undefined && { error: toWireError(failure) }),
    });

  const renew = async (current: Connection, token: string): Promise<void> => {
    try {
      const identity = await authenticate(context.apps, { token }, context.now());
      if (identity.clientId !== current.identity.clientId && identity.clientId !== '*')
        throw refusal('incompatible', 'The new token is for another client.');
      const { clientId = identity.clientId } = current.identity;
      const next = clientId === undefined ? identity : { ...identity, clientId };
      current.renew(next);
      expiry.set(next.expires);
      welcome(current, next);
    } catch (error) {
      fail(toAblyError(error));
    }
  };

  const receive = (current: Connection, frame: InboundFrame): void => {
    switch (frame.action) {
      case Action.auth:
        return void renew(current, frame.auth?.accessToken ?? '');
      case Action.close:
        return void registry.end(current);
      case Action.disconnect:
        return carrier.end();
      default:
        return current.receive(frame);
    }
  };

  try {
    const { key, access_token: token, clientId } = params;
    const identity = await authenticate(
      context.apps,
      {
        ...(key !== undefined && { key }),
        ...(token !== undefined && { token }),
        ...(clientId !== undefined && { clientId }),
      },
      context.now(),
    );
    if (socket.readyState !== socket.OPEN) return;
    if (context.faults.refused.has(undefined)) return carrier.cut();
    const opened = registry.open(identity, params);
    if (context.faults.refused.has(opened.connection.id)) {
      registry.lost(opened.connection, carrier);
      return carrier.cut();
    }
    connection = opened.connection;
    connection.carry(carrier);
    expiry.set(identity.expires);
    welcome(connection, identity, opened.failure);
    for (const frame of early) receive(connection, frame);
  } catch (error) {
    fail(toAblyError(error));
  }
}
