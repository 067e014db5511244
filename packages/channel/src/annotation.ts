import type { JsonValue } from './json.ts';
import type { Cursor, Serial, Version } from './ids.ts';

/**
 * How annotations of one type are summarised; named and shaped as in Ably's annotation summaries.
 *
 * - `total`: a count, unattributed
 * - `flag`: the set of clients that raised it
 * - `distinct`: per name, the set of clients; a client may use several names
 * - `unique`: per name, the set of clients; a client's newer name replaces its older one
 * - `multiple`: per name, a count for each client
 */
export type AnnotationMethod = 'total' | 'flag' | 'distinct' | 'unique' | 'multiple';

/** `namespace:method.v1`, for example `citations:multiple.v1`. */
export type AnnotationType = `${string}:${AnnotationMethod}.v1`;

/** Adds an annotation, or removes one. Idempotent by `id`. */
export type AnnotationDraft =
  | {
      readonly action: 'add';
      readonly id: string;
      readonly type: AnnotationType;
      /** Required by `distinct`, `unique` and `multiple`. */
      readonly name?: string;
      /** For `multiple` only: how much to count, a positive integer. Default 1. */
      readonly count?: number;
      readonly data?: JsonValue;
    }
  | {
      /**
       * Takes back this publisher's annotations of `type` (and `name`, where the method has names).
       * For `total`, which is unattributed, it takes one from the count.
       */
      readonly action: 'remove';
      readonly id: string;
      readonly type: AnnotationType;
      readonly name?: string;
    };

/** One annotation as it was published. */
export interface Annotation {
  readonly action: 'add' | 'remove';
  readonly id: string;
  readonly serial: Serial;
  readonly version: Version;
  readonly type: AnnotationType;
  readonly name?: string;
  readonly count?: number;
  readonly data?: JsonValue;
  readonly clientId?: string;
  readonly timestamp: number;
}

export interface TotalSummary {
  readonly total: number;
}
export interface ClientsSummary {
  readonly total: number;
  readonly clientIds: readonly string[];
}
export interface CountsSummary {
  readonly total: number;
  /** Count for each identified client. */
  readonly clientIds: Readonly<Record<string, number>>;
  /** What unidentified clients counted together. */
  readonly totalUnidentified: number;
}

/** The folded value of one annotation type; which shape it has follows from the method in the type's name. */
export type AnnotationSummaryValue =
  | TotalSummary
  | ClientsSummary
  | Readonly<Record<string, ClientsSummary>>
  | Readonly<Record<string, CountsSummary>>;

/** Summaries by annotation type, as of `version`; of two summaries of one message the higher version is the newer. */
export interface AnnotationSummary {
  readonly version: Version;
  readonly types: Readonly<Record<string, AnnotationSummaryValue>>;
}

/** Single annotations of one message, oldest first. */
export interface AnnotationPage {
  readonly annotations: readonly Annotation[];
  readonly next?: Cursor;
}
