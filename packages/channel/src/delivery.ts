import type { AnnotationSummary } from './annotation.ts';
import type { Position, Serial, Version } from './ids.ts';
import type { Message, Signal } from './message.ts';

/**
 * What a subscriber gets. Deliveries are state: receiving one twice, or a whole message where an append would have
 * done, changes nothing.
 */
export type Delivery =
  /** A whole message as of its version. Always the first thing a subscription says about a message. */
  | { readonly kind: 'message'; readonly message: Message; readonly position: Position }
  /** Text added at `offset`, in UTF-16 code units; one delivery may carry several appends. */
  | {
      readonly kind: 'append';
      readonly serial: Serial;
      readonly version: Version;
      readonly data: string;
      readonly offset: number;
      readonly position: Position;
    }
  /** The whole new summary of a message's annotations. */
  | {
      readonly kind: 'annotations';
      readonly serial: Serial;
      readonly summary: AnnotationSummary;
      readonly position: Position;
    }
  /** Never stored, outside the log's order. */
  | { readonly kind: 'signal'; readonly signal: Signal }
  /** Continuity could not be proved: read history up to `position`; deliveries go on from there. */
  | { readonly kind: 'gap'; readonly position: Position };
