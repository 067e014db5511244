import type { Identity } from '../auth/identity.ts';
import type { AblyError } from '../protocol/errors.ts';
import { refusal } from '../protocol/errors.ts';
import { createConnection, type Carrier, type Connection } from './connection.ts';
import type { ServerContext } from './context.ts';

/** All connections, those that wait for their client to come back included. */
export interface Registry {
  /** Goes on with the connection that `resume` or `recover` names, or opens another one; then `failure` says why. */
  open(
    identity: Identity,
    params: Readonly<Record<string, string>>,
  ): { readonly connection: Connection; readonly failure: AblyError | undefined };
  /** The socket of a connection is gone: it waits for its client for a while. */
  lost(connection: Connection, carrier: Carrier): void;
  /** Ends it, as its client has asked for. */
  end(connection: Connection): Promise<void>;
  close(): Promise<void>;
}

export function createRegistry(context: ServerContext): Registry {
  const connections = new Set<Connection>();
  const timers = new Map<Connection, ReturnType<typeof setTimeout>>();

  const find = (key: string, { app, clientId }: Identity): Connection | undefined => {
    const refuses = context.faults.refusesResume;
    context.faults.refusesResume = false;
    if (refuses) return undefined;
    return [...connections].find(
      (each) => each.key === key && each.identity.app.id === app.id && each.identity.clientId === clientId,
    );
  };

  const forget = (connection: Connection): void => {
    clearTimeout(timers.get(connection));
    timers.delete(connection);
    connections.delete(connection);
    context.faults.connections.delete(connection);
  };

  return {
    open(identity, params) {
      const key = params['resume'] ?? params['recover'];
      const known = key === undefined ? undefined : find(key, identity);
      if (known !== undefined) {
        clearTimeout(timers.get(known));
        timers.delete(known);
        known.renew(identity);
        return { connection: known, failure: undefined };
      }
      const connection = createConnection(context, identity, params);
      connections.add(connection);
      context.faults.connections.add(connection);
      const failure =
        key === undefined ? undefined : refusal('resumeFailed', 'There is no such connection to go on with.');
      return { connection, failure };
    },
    lost(connection, carrier) {
      connection.lose(carrier);
      if (connection.isConnected || !connections.has(connection)) return;
      clearTimeout(timers.get(connection));
      const timer = setTimeout(() => {
        forget(connection);
        void connection.close(false);
      }, context.connectionTtlMs);
      timer.unref();
      timers.set(connection, timer);
    },
    async end(connection) {
      forget(connection);
      await connection.close(true);
    },
    async close() {
      for (const connection of connections) {
        forget(connection);
        await connection.close(false);
      }
    },
  };
}
