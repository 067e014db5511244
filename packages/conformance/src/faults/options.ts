/** Which faults happen, and how often: probabilities between 0 (never, the default) and 1 (whenever it can). */
export interface FaultOptions {
  /** Seeds every choice, so that a failure can be had again. */
  readonly seed: number;
  /** A call, an answer or a delivery is held for 1 to 4 turns. What is behind it waits, so that order is kept. */
  readonly delay?: number;
  /** A delivery comes again, or an earlier one does; a publish that may be repeated is sent twice. */
  readonly duplicate?: number;
  /** What is waiting to be delivered comes as the messages that changed, each of them whole. */
  readonly conflate?: number;
  /** What is waiting to be delivered is dropped, and a `gap` says so. */
  readonly drop?: number;
  /** A subscription breaks, loses what it has not delivered yet, and goes on from its last position. */
  readonly cut?: number;
  /**
   * The receipt of a single operation is lost: it took effect, and the publish rejects with `unknown_outcome`. Happens
   * only to the last call that was made and to what can be tried again with no effect (never to an update, to an append
   * only where `features.checksOffsets`).
   */
  readonly lose?: number;
  /** How long a turn is. Default: until the next timer can run. */
  readonly turn?: () => Promise<void>;
}
