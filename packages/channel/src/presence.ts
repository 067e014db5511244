import type { JsonValue } from './json.ts';
import type { Author } from './message.ts';
import type { ChannelError } from './errors.ts';

/** One connection that is present in a channel. A client with two connections is two members. */
export interface Member extends Author {
  /** Unique per connection. */
  readonly memberId: string;
  readonly data: JsonValue;
}

export type PresenceEvent =
  /** All members, at the start and whenever continuity was lost. */
  | { readonly kind: 'sync'; readonly members: readonly Member[] }
  | { readonly kind: 'enter'; readonly member: Member }
  | { readonly kind: 'update'; readonly member: Member }
  /** `left`: said goodbye; `lost`: its lease ran out. */
  | { readonly kind: 'leave'; readonly member: Member; readonly reason: 'left' | 'lost' };

export interface Presence {
  /** Enters with `data` (default null), or updates the data of a member that is present. Kept up until `leave`. */
  enter(data?: JsonValue): Promise<void>;
  /** Leaves; does nothing when not present. */
  leave(): Promise<void>;
  members(): Promise<readonly Member[]>;
  /** Calls `listener` with a `sync`, then with each change. */
  subscribe(listener: (event: PresenceEvent) => void): Promise<PresenceSubscription>;
}

export interface PresenceSubscription {
  readonly closed: Promise<ChannelError | undefined>;
  close(): void;
}
