import type { Apps } from '../auth/apps.ts';
import type { ChannelHub } from '../channels/channel-hub.ts';
import type { AblyLimits } from '../channels/limits.ts';
import type { FaultState } from '../faults.ts';

/** What every part of one server shares. */
export interface ServerContext {
  readonly apps: Apps;
  readonly hub: ChannelHub;
  readonly limits: AblyLimits;
  readonly messageBytes: number;
  readonly faults: FaultState;
  /** For connections that don't say what they want. */
  readonly rollUpMs: number;
  /** How long a connection without a socket can be resumed. */
  readonly connectionTtlMs: number;
  /** How often something is sent at least. */
  readonly heartbeatMs: number;
  readonly now: () => number;
}
