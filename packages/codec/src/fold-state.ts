import { applyGrowth, type Path } from './growth.ts';
import type { Content, Part, ToolPart } from './part.ts';

/** What an `open` made: text for it grows the string at `at` in the part with that index. */
export interface Stream {
  readonly index: number;
  readonly at: Path;
  /** Text that the part has not taken up yet. */
  more: string;
}

/** What a fold knows of a log. Every change of a part goes through `put`, which notes what has to be shown anew. */
export interface FoldState {
  head: Omit<Content, 'parts'>;
  /** As of the last `takeUp`. */
  readonly parts: Part[];
  readonly streams: Map<unknown, Stream>;
  isChanged: boolean;
}

export function createFoldState(): FoldState {
  return { head: {}, parts: [], streams: new Map(), isChanged: false };
}

/** Puts a part at its place, or behind all others where it has none (-1). Returns its place. */
export function put(state: FoldState, part: Part, index = -1): number {
  if (state.parts[index] !== part) state.isChanged = true;
  if (index < 0) return state.parts.push(part) - 1;
  state.parts[index] = part;
  return index;
}

/** Text of an open part; constant time, whatever is there already. What is open for nobody is passed over. */
export function addText({ streams }: FoldState, n: number, text: string): void {
  const stream = streams.get(n);
  if (stream) stream.more += text;
}

/** Lets parts take up the text that waits. */
export function takeUp(state: FoldState): void {
  for (const stream of state.streams.values()) {
    if (stream.more === '') continue;
    const part = partOf(state, stream);
    if (part) put(state, applyGrowth(part, stream.at, stream.more), stream.index);
    stream.more = '';
  }
}

/** The part that a stream grows. The text of an input is there from the first word about it on, even an empty one. */
export function partOf({ parts }: FoldState, { index, at: [key] }: Stream): Part | undefined {
  const part = parts[index];
  return part?.type === 'tool' && key === 'inputText' && part.inputText === undefined
    ? { ...part, inputText: '' }
    : part;
}

export function toolAt({ parts }: FoldState, index: number): ToolPart | undefined {
  const part = parts[index];
  return part?.type === 'tool' ? part : undefined;
}

/** Where the current step's parts begin: after the last step part. */
export function stepStart({ parts }: FoldState): number {
  return parts.findLastIndex(({ type }) => type === 'step') + 1;
}

/** The call with an id that a control is about: of the current step the first one, else the latest. */
export function findCall(state: FoldState, callId: unknown): number {
  const here = findCallInStep(state, callId);
  return here < 0
    ? state.parts.findLastIndex((part) => part.type === 'tool' && part.callId === callId)
    : here;
}

/** A call of the current step with an id; where `isDynamic` is given, one of that sort. */
export function findCallInStep(state: FoldState, callId: unknown, isDynamic?: boolean): number {
  const start = stepStart(state);
  return state.parts.findIndex(
    (part, index) =>
      index >= start &&
      part.type === 'tool' &&
      part.callId === callId &&
      (isDynamic ?? !!part.dynamic) === !!part.dynamic,
  );
}

/** A data part with an id; its value is replaced in place. */
export function findData({ parts }: FoldState, name: unknown, id: unknown): number {
  return parts.findIndex(
    (part) => part.type === 'data' && part.id !== undefined && part.name === name && part.id === id,
  );
}
