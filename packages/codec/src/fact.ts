export type EndStatus = 'complete' | 'suspended' | 'cancelled' | 'error' | 'lost';

/**
 * What the controls of one log say that a session's rules need. `at` is where the control ends in the log, in UTF-16
 * code units: a fact stands where at least `at` units of the log stand.
 */
export type Fact = { readonly at: number } & (
  | { readonly kind: 'message'; readonly id: string }
  /** What stands of the past (P9). */
  | { readonly kind: 'continue'; readonly serial: string; readonly length: number }
  | { readonly kind: 'end'; readonly status: EndStatus; readonly reason?: string }
  | { readonly kind: 'call'; readonly callId: string; readonly name?: string }
  /** Where `clientId` is there, only that identity answers for the device. */
  | {
      readonly kind: 'assign';
      readonly callId: string;
      readonly device: string;
      readonly clientId?: string;
      readonly until?: number;
    }
  /** An approval is wanted, of `need` people; `until` in milliseconds since 1970. */
  | {
      readonly kind: 'ask';
      readonly id: string;
      readonly callId?: string;
      readonly until?: number;
      readonly need?: number;
    }
  /** The agent judged one decision or result (P17). */
  | { readonly kind: 'verdict'; readonly callId: string; readonly record: string; readonly counts: boolean }
  /** An approval was decided; `record` is the one that decided (P17). */
  | { readonly kind: 'answer'; readonly id: string; readonly ok: boolean; readonly record?: string }
  /** A call is settled; preliminary results are no facts. */
  | { readonly kind: 'result'; readonly callId: string; readonly record?: string }
  /** A steer was delivered (P19). */
  | { readonly kind: 'steering'; readonly id: string }
  | { readonly kind: 'state' }
  /** The first thing beyond opening controls (P14). */
  | { readonly kind: 'progress' }
);

export interface LogFacts {
  /** Length of the log, in UTF-16 code units. */
  readonly length: number;
  /** In the log's order; grows, and is never changed otherwise. */
  readonly facts: readonly Fact[];
  /** Takes the next piece of the log, cut anywhere; costs no more than that piece. True when it brought facts. */
  push(data: string): boolean;
}
