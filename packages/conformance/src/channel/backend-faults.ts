import type { Channels, Position } from '@holdfast/channel';

/** What a backend lets the suite do to it. All optional: a law that needs a fault which isn't here is left out. */
export interface BackendFaults {
  /**
   * Breaks the connection under `channels` as a network does. The adapter must find back by itself: when the returned
   * function is called, or, where none is returned, as soon as it can.
   */
  readonly cut?: (channels: Channels) => Promise<Restore | void>;
  /** Ends the process that holds `channels`: it says no goodbye and never comes back. */
  readonly kill?: (channels: Channels) => Promise<void>;
  /** Lets this many milliseconds pass for the backend and everything connected to it. */
  readonly pass?: (ms: number) => Promise<void>;
  /** Restarts the backend as a crash would. Connections opened afterwards reach what the receipts promised to keep. */
  readonly restart?: () => Promise<void>;
  /** Ages the channel so that `position` is too far back to go on from; returns the position to ask for. */
  readonly tooOld?: (channel: string, position: Position) => Promise<Position>;
  /** A position of this channel that lies ahead of its head, as a client has one after a backend lost its newest part. */
  readonly ahead?: (channel: string, position: Position) => Promise<Position>;
  /** A position that another life of this channel issued: its log was lost and begun anew. */
  readonly otherEpoch?: (channel: string, position: Position) => Promise<Position>;
}

/** Lets a broken connection heal. */
export type Restore = () => Promise<void>;

export type FaultName = keyof BackendFaults;
