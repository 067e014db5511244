import { isSame } from './is-same.ts';
import type { PlainEvent } from './any-event.ts';

/**
 * Deltas of one part, one after the other. Once the reader has shown that such a delta grows a part by just what it says, the
 * next ones go straight to the log, and cost no more than themselves however long the text is; the reader hears of all of
 * them at once when something else comes.
 */
export interface Streak {
  /** The number of the part that an event goes on with; undefined for any event that is not just more of the same. */
  goOn(event: unknown): number | undefined;
  /** The reader has taken a delta, which grew part `n` by what it says and did nothing else. */
  begin(event: PlainEvent, n: number): void;
  /** What the reader has not heard yet. The streak is over. */
  end(): PlainEvent | undefined;
}

/** Events that only add text, with the field that says to what. */
const DELTAS: Readonly<Record<string, string>> = {
  TEXT_MESSAGE_CONTENT: 'messageId',
  REASONING_MESSAGE_CONTENT: 'messageId',
  TOOL_CALL_ARGS: 'toolCallId',
};
/** What may come with a delta and changes nothing. */
const BESIDE: ReadonlySet<string> = new Set(['type', 'delta', 'metadata', 'timestamp', 'model', 'rawEvent']);
/** Half a surrogate pair waits for the other half. */
const HALF = /[\ud800-\udbff]$/u;

export function isDelta({ type }: PlainEvent): boolean {
  return Object.hasOwn(DELTAS, type);
}

export function createStreak(): Streak {
  let known: { readonly event: PlainEvent; readonly n: number; waiting: string } | undefined;
  return {
    goOn(event) {
      if (known === undefined || typeof event !== 'object' || event === null) return undefined;
      const delta: unknown = Reflect.get(event, 'delta');
      if (typeof delta !== 'string' || delta === '' || HALF.test(delta)) return undefined;
      if (!isMore(known.event, event)) return undefined;
      known.waiting += delta;
      return known.n;
    },
    begin: (event, n) => void (known = { event, n, waiting: '' }),
    end() {
      const ended = known;
      known = undefined;
      return ended === undefined || ended.waiting === ''
        ? undefined
        : { ...ended.event, delta: ended.waiting };
    },
  };
}

function isMore(known: PlainEvent, event: object): boolean {
  const id = DELTAS[known.type];
  if (id === undefined || Reflect.get(event, 'type') !== known.type) return false;
  if (Reflect.get(event, id) !== known[id] || !isSame(Reflect.get(event, 'metadata'), known['metadata']))
    return false;
  return Object.keys(event).every((key) => key === id || BESIDE.has(key));
}
