import type { Channels, Claims } from '@holdfast/channel';
import type { BackendFaults } from './backend-faults.ts';

/** A backend with an adapter to it: what the laws are checked against, and what can be done to it. */
export interface ChannelBackend extends BackendFaults {
  /**
   * Opens a fresh connection that speaks for `clientId` (absent: anonymous) with `claims`, as the backend's authority
   * stamps them. All connections of one backend meet. The suite closes what it opens.
   */
  readonly connect: (clientId?: string, claims?: Claims) => Promise<Channels>;
  /** Ends the backend. Called once, after every connection was closed. */
  readonly close: () => Promise<void>;
}

export interface ChannelSuiteOptions<Id extends string = string> {
  /**
   * Opens a backend; called once for each law, and once before. Laws use channel names that no other law uses, so that
   * one that is dear to start may be shared: return it each time, with a `close` that does nothing.
   */
  readonly open: () => Promise<ChannelBackend>;
  /** Laws that this backend doesn't keep, each with the reason, which the report prints. */
  readonly skip?: Readonly<Partial<Record<Id, string>>>;
  /** How long a law waits for something that must happen, in milliseconds, before it counts as not happening. Default 5000. */
  readonly patience?: number;
  /** How many appends and creates a burst makes: the factor by which a slow backend may scale it down. Default 1. */
  readonly scale?: number;
}
