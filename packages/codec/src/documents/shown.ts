import type { Path } from '../growth.ts';
import type { JsonObject, JsonValue } from '../json.ts';

/** One thing that a provider's document says to everybody, and where in the document its text or its value lies. */
export type Shown =
  | { readonly is: 'text' | 'reasoning'; readonly at: Path; readonly isDone: boolean }
  /** `at` is its input: a text that grows, of JSON unless `as` says otherwise, or a value. */
  | {
      readonly is: 'call';
      readonly id: string;
      readonly name: string;
      readonly at: Path;
      readonly as?: 'text';
      /** The input where the document has none, or none worth showing. */
      readonly input?: JsonValue;
      /** Who runs it, where that isn't the application. */
      readonly by?: string;
      readonly isDone: boolean;
    }
  /** Of the call with that id. The output lies at `at`, or is given. */
  | { readonly is: 'result'; readonly id: string; readonly at: Path }
  | { readonly is: 'result'; readonly id: string; readonly output: JsonValue }
  | { readonly is: 'failure'; readonly id: string; readonly error: string }
  | { readonly is: 'ask'; readonly id: string; readonly call: string }
  /** Said each time it is here. */
  | {
      readonly is: 'control';
      readonly verb: string;
      readonly subject: JsonValue;
      readonly fields?: JsonObject;
    }
  /** A whole part, which has an id of its own. */
  | {
      readonly is: 'part';
      readonly kind: 'source' | 'document';
      readonly id: string;
      readonly fields: JsonObject;
    };
