import type { Channel } from '@holdfast/channel';
import type { Engine } from '@holdfast/channel/engine';
import type { Clock } from './clock.ts';
import type { FarewellAction } from './farewell.ts';
import type { Authenticate } from './identity.ts';
import type { GatewayLimits } from './limits.ts';
import type { Logger } from './logger.ts';
import type { GatewayMetrics } from './metrics.ts';

/** What all connections of one gateway share. */
export interface GatewayContext {
  readonly engine: Engine;
  readonly authenticate: Authenticate;
  readonly limits: GatewayLimits;
  readonly heartbeatMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: GatewayMetrics;
  /** Makes a channel one that tells agents what is asked on it. Absent: nobody is told. */
  readonly waking?: (channel: Channel) => Channel;
  /** Those that have been let in, by connection id. */
  readonly clients: Map<string, Client>;
}

/** A client that was let in: its requests are served until one of the two has enough. */
export interface Client {
  /** In how many milliseconds its token expires, as of when it was let in. */
  readonly expiresInMs: number | undefined;
  received(text: string): void;
  /** Ends the connection with last words. */
  farewell(action: FarewellAction, error: unknown): void;
  /** Ends the connection at once: the client has another one. */
  supersede(): void;
  /** Resolves when no request waits for its answer. */
  idle(): Promise<void>;
  /** The connection is gone. `left`: with a goodbye. */
  finish(left: boolean): void;
}
