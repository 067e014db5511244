import type { Engine } from '@holdfast/channel/engine';
import { AblyError } from './protocol/errors.ts';
import { toChannelSerial } from './protocol/serials.ts';

/** What a test may do to the server. What takes no time takes effect at once. */
export interface AblyFaults {
  /** Breaks sockets without a word: one connection's, or all. Returns how many. */
  cut(connectionId?: string): number;
  /** Lets nobody connect, or one connection not come back, until the returned function is called. */
  refuseConnections(connectionId?: string): () => void;
  /** Sends no acknowledgements on the sockets that are open now. What was published has happened; the client doesn't know. */
  swallowAcks(): void;
  /** Holds acknowledgements back on all connections until the returned function is called. */
  delayAcks(): () => void;
  /** Refuses the next append of any connection with this error. Default: 50003, not available. */
  refuseNextAppend(error?: {
    readonly code: number;
    readonly statusCode: number;
    readonly message: string;
  }): void;
  /** Holds appends until the returned function is called; what is published meanwhile overtakes them. */
  holdAppends(): () => void;
  /** Every position that was given out so far is too old to go on from. Messages stay. */
  forgetHistory(): Promise<void>;
  /** The next connection that a client wants to resume gets a new id instead. */
  refuseNextResume(): void;
}

/** A connection, as far as it can be harmed. */
export interface FaultTarget {
  readonly id: string;
  readonly isConnected: boolean;
  cut(): void;
  swallowAcks(): void;
  holdAppends(): () => void;
}

/** What faults are in force, for the parts that they concern. */
export interface FaultState {
  readonly connections: Set<FaultTarget>;
  /** Connections that may not come back; `undefined` stands for everybody. */
  readonly refused: Set<string | undefined>;
  /** Resolves when acknowledgements may go out. */
  acksMayGo: Promise<void>;
  refusedAppend: AblyError | undefined;
  refusesResume: boolean;
  /** Channel serials up to this one are forgotten. */
  forgottenUpTo: string;
}

export function createFaultState(): FaultState {
  return {
    connections: new Set(),
    refused: new Set(),
    acksMayGo: Promise.resolve(),
    refusedAppend: undefined,
    refusesResume: false,
    forgottenUpTo: '',
  };
}

export function createFaults(state: FaultState, engine: Engine): AblyFaults {
  return {
    cut(connectionId) {
      const hit = [...state.connections].filter(
        ({ id, isConnected }) => isConnected && (connectionId === undefined || id === connectionId),
      );
      for (const connection of hit) connection.cut();
      return hit.length;
    },
    refuseConnections(connectionId) {
      state.refused.add(connectionId);
      return () => void state.refused.delete(connectionId);
    },
    swallowAcks() {
      for (const connection of state.connections) connection.swallowAcks();
    },
    delayAcks() {
      let release = (): void => {};
      state.acksMayGo = new Promise((resolve) => (release = resolve));
      return release;
    },
    refuseNextAppend({ code, statusCode, message } = UNAVAILABLE) {
      state.refusedAppend = new AblyError(code, statusCode, message);
    },
    holdAppends() {
      const releases = [...state.connections].map((connection) => connection.holdAppends());
      return () => releases.forEach((release) => release());
    },
    async forgetHistory() {
      const tail = await engine.tail('', () => {});
      tail.close();
      state.forgottenUpTo = toChannelSerial(tail.head);
    },
    refuseNextResume() {
      state.refusesResume = true;
    },
  };
}

const UNAVAILABLE = { code: 50003, statusCode: 503, message: 'The append was refused, as a fault.' };
