import type { AnyEvent } from './any-event.ts';
import type { Tracker } from './tracker.ts';

/** How one message of a reader is led elsewhere. */
export interface Proposal {
  readonly messageId: string;
  readonly tracker: Tracker;
  /** Hands an event to the reader. */
  readonly emit: (event: AnyEvent) => void;
}
