import type { Identity } from '../auth/identity.ts';
import type { RollUp } from '../channels/roll-up.ts';
import type { OutboundFrame } from '../protocol/frames.ts';
import type { ServerContext } from './context.ts';
import type { PresenceSeats } from './presence-seats.ts';

/** What the parts of one connection know of it. */
export interface Link {
  readonly context: ServerContext;
  readonly id: string;
  readonly identity: Identity;
  /** Whether the client wants to get what it publishes itself. */
  readonly echo: boolean;
  readonly send: (frame: OutboundFrame) => void;
  readonly rollUp: RollUp;
  readonly seats: PresenceSeats;
  /** Counts what is sent. @throws AblyError 42911 */
  readonly spend: (count: number) => void;
}
