/** What one connection may ask of a gateway. */
export interface GatewayLimits {
  /** The largest frame that is taken, in bytes; a larger one ends the connection. Default 4 MiB. */
  readonly frameBytes: number;
  /**
   * Operations per second on one channel, over bursts of twice as many. Beyond it they wait, and where that would be for more
   * than two seconds: `rate_limited`. `Infinity` for no limit. Default 500.
   */
  readonly operationsPerSecond: number;
  /** Channels that one connection may use. Default 1024. */
  readonly channels: number;
  /** Subscriptions and watches that one connection may have at a time. Default 1024. */
  readonly subscriptions: number;
  /** Requests of one connection that may wait for their answer; beyond it: `rate_limited`. Default 512. */
  readonly requests: number;
  /**
   * Bytes that may wait for a slow reader. Beyond it deliveries are dropped, and when the reader has caught up it gets
   * the changed messages whole, or a gap. Default 1 MiB.
   */
  readonly bufferedBytes: number;
  /** Bytes of a presence member's data. Default 16 KiB. */
  readonly presenceBytes: number;
  /** How long a client may take to say hello, in milliseconds. Default 10,000. */
  readonly helloMs: number;
}

const DEFAULTS: GatewayLimits = {
  frameBytes: 4 << 20,
  operationsPerSecond: 500,
  channels: 1024,
  subscriptions: 1024,
  requests: 512,
  bufferedBytes: 1 << 20,
  presenceBytes: 16 << 10,
  helloMs: 10_000,
};

/** @throws TypeError for a limit that is not a positive number */
export function completeLimits(limits: Partial<GatewayLimits> = {}): GatewayLimits {
  for (const [name, limit] of Object.entries(limits))
    if (typeof limit !== 'number' || !(limit > 0))
      throw new TypeError(`limits.${name} must be a positive number`);
  return { ...DEFAULTS, ...limits };
}
