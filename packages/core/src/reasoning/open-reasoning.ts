import type { ChannelError, Channels } from '@holdfast/channel';
import type { Part, ReasoningPart } from '@holdfast/codec';
import type { MessageId, RunId } from '../ids.ts';
import { runOfAnswerId } from '../records/answer-id.ts';
import type { Session } from '../session.ts';
import { holdLane, type Lane } from './lane.ts';
import { joinThread, reasoningLane } from './thread.ts';

/** One part of a response's reasoning. */
export interface Thought {
  /** What there is of it so far. */
  readonly text: string;
  /** How long it is, in UTF-16 code units; known when it is done. */
  readonly length?: number;
  readonly state: 'streaming' | 'done';
  /** False while some of it has not come; it never will where it expired, or its agent was lost. */
  readonly isWhole: boolean;
}

export interface ReasoningSnapshot {
  /**
   * `loading` until what there was is read, and after a gap; `failed`: the channel refuses to be read, and `error` says why. A
   * response without threaded reasoning is `live` at once, and costs no subscription.
   */
  readonly status: 'loading' | 'live' | 'failed' | 'closed';
  /** In the order of the response; inline ones as well. */
  readonly parts: readonly Thought[];
  readonly error?: ChannelError;
}

/** The reasoning of one response. */
export interface Reasoning {
  /** Another object after each change, and only then. */
  readonly snapshot: ReasoningSnapshot;
  /** Calls `listener` after changes of `snapshot`, about once in 16 ms at most. Shaped for useSyncExternalStore. */
  readonly subscribe: (listener: () => void) => () => void;
  /** Resolves when what there is of it now is loaded. Rejects with a ChannelError, such as `forbidden`. */
  readonly ready: Promise<void>;
  close(): void;
}

export interface ReasoningOptions {
  /** A connection that may subscribe to `<session>:open:*` and read its history. */
  readonly channels: Channels;
  readonly session: Session;
  /** The run, or the message that answers it. */
  readonly of: { readonly run: RunId } | { readonly message: MessageId };
}

/**
 * Shows what an agent thought on its way to a response, as it thinks. Only now that somebody asks for it is threaded reasoning
 * received: everybody who has the same response open shares one subscription, which ends with the last `close()`.
 */
export function openReasoning({ channels, session, of }: ReasoningOptions): Reasoning {
  const listeners = new Set<() => void>();
  let lane: Lane | undefined;
  let stopLane = (): void => {};
  let isLoaded = false;
  let isOpen = true;
  let parts: readonly Part[] | undefined;
  let snapshot: ReasoningSnapshot = { status: 'live', parts: [] };

  const runId = (): RunId | undefined =>
    'run' in of ? of.run : (session.message(of.message)?.run ?? runOfAnswerId(of.message));
  const partsNow = (): readonly Part[] | undefined => {
    const id = 'run' in of ? session.run(of.run)?.output : of.message;
    return id && session.message(id)?.parts;
  };
  const thoughts = (): readonly ReasoningPart[] => (parts ?? []).filter((part) => part.type === 'reasoning');
  const idsOf = (found: readonly ReasoningPart[]): readonly string[] =>
    found.flatMap(({ thread = [] }) => thread);

  const statusOf = (isThreaded: boolean): ReasoningSnapshot['status'] => {
    if (!isOpen) return 'closed';
    if (!isThreaded) return 'live';
    if (lane?.error !== undefined) return 'failed';
    return isLoaded && lane?.isLive === true ? 'live' : 'loading';
  };

  const show = (): void => {
    const found = thoughts();
    const ids = idsOf(found);
    const said = ids.length > 0 ? lane?.said(ids) : undefined;
    const before = snapshot.parts;
    const shown = found.map((part, at) => keep(before[at], toThought(part, said ?? new Map())));
    const error = lane?.error;
    const next: ReasoningSnapshot = {
      status: statusOf(ids.length > 0),
      parts:
        shown.length === before.length && shown.every((each, at) => each === before[at]) ? before : shown,
      ...(error !== undefined && { error }),
    };
    if (next.status === snapshot.status && next.parts === before && next.error === snapshot.error) return;
    snapshot = next;
    for (const listener of listeners) listener();
  };

  /** Follows the channel once there is something on it. */
  const join = async (): Promise<void> => {
    const id = runId();
    const ids = idsOf(thoughts());
    if (lane !== undefined || id === undefined || ids.length === 0) return;
    lane = holdLane(channels, reasoningLane(session.name, id));
    stopLane = lane.subscribe(show);
    try {
      await lane.load(ids);
      isLoaded = true;
    } finally {
      show();
    }
  };
  const look = async (): Promise<void> => {
    const now = partsNow();
    if (!isOpen || now === parts) return;
    parts = now;
    const joined = join();
    show();
    await joined;
  };

  const stopSession = session.subscribe(() => void look().catch(() => {}));
  const ready = session.ready.then(look);
  ready.catch(() => {});

  return {
    get snapshot() {
      return snapshot;
    },
    subscribe(listener) {
      const each = (): void => listener();
      listeners.add(each);
      return () => void listeners.delete(each);
    },
    ready,
    close() {
      if (!isOpen) return;
      isOpen = false;
      stopSession();
      stopLane();
      lane?.release();
      show();
      listeners.clear();
    },
  };
}

function toThought(part: ReasoningPart, said: ReadonlyMap<string, string>): Thought {
  const { text, thread = [], length, state = 'done' } = part;
  const whole = joinThread(part, said);
  const so = whole ?? thread.map((id) => said.get(id) ?? '').join('') + text;
  const known = length ?? (thread.length === 0 && state === 'done' ? text.length : undefined);
  return {
    text: so,
    ...(known !== undefined && { length: known }),
    state,
    isWhole: state === 'done' && whole !== undefined,
  };
}

/** The one from before where nothing changed. */
function keep(before: Thought | undefined, next: Thought): Thought {
  const isSame =
    before !== undefined &&
    before.text === next.text &&
    before.length === next.length &&
    before.state === next.state &&
    before.isWhole === next.isWhole;
  return isSame ? before : next;
}
