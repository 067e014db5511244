import type { Claims, Headers, JsonValue, Member } from '@holdfast/channel';
import type { ChangeRow } from './decode.ts';

/** Where a session stands: epoch, tick, tick of the last presence event, milliseconds to the next lease's end or -1. */
export interface Stand {
  readonly e: string;
  readonly t: number;
  readonly v: number;
  readonly x: number;
}

/** What the scripts publish. */
export type LiveItem =
  /** Changes up to tick `t`, after those up to `p`; without changes they are too large to send, and are to be read. */
  | { readonly e: string; readonly p: number; readonly t: number; readonly c?: readonly ChangeRow[] }
  | (Stand & { readonly p: number })
  /** A presence event `v`, after `w`. */
  | {
      readonly w: number;
      readonly v: number;
      readonly k: 'enter' | 'update' | 'left' | 'lost';
      readonly m: Member;
    }
  | {
      readonly s: {
        readonly id: string;
        readonly name: string;
        readonly data: JsonValue;
        readonly headers: Headers;
        readonly clientId?: string;
        readonly claims?: Claims;
      };
      readonly a: number;
    };
