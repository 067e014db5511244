import { applyGrowth, type Path } from './growth.ts';
import type { JsonValue } from './json.ts';
import { mergeMetadata } from './merge.ts';
import type { Content, Part, ToolPart } from './part.ts';

export type Head = Omit<Content, 'parts'>;

/** What an `open` made: text for it grows the string at `at` in the part with that index. */
export interface Stream {
  readonly index: number;
  readonly at: Path;
  more: string;
}

/** What a fold knows of a log. Every change goes through the functions below, which note what has to be shown anew. */
export interface FoldState {
  head: Head;
  /** As of the last `takeUp`. */
  readonly parts: Part[];
  readonly streams: Map<unknown, Stream>;
  /** Streams with text that their parts have not taken up yet. */
  readonly waiting: Set<Stream>;
  areNewParts: boolean;
}

export function createFoldState(): FoldState {
  return { head: {}, parts: [], streams: new Map(), waiting: new Set(), areNewParts: false };
}

/** Text of an open part; constant time, whatever is there already. What is open for nobody is passed over. */
export function addText(state: FoldState, n: number, text: string): void {
  const stream = state.streams.get(n);
  if (!stream) return;
  stream.more += text;
  state.waiting.add(stream);
}

/** Lets parts take up the text that waits. */
export function takeUp(state: FoldState): void {
  for (const stream of state.waiting) {
    const { index, at, more } = stream;
    beginInput(state, stream);
    setPart(state, index, (part) => applyGrowth(part, at, more));
    stream.more = '';
  }
  state.waiting.clear();
}

/** The text of an input is there from its first delta on, even an empty one. */
export function beginInput(state: FoldState, { index, at: [key] }: Stream): void {
  if (key === 'inputText')
    setTool(state, index, (part) => (part.inputText === undefined ? { ...part, inputText: '' } : part));
}

export function addPart(state: FoldState, part: Part): number {
  state.areNewParts = true;
  return state.parts.push(part) - 1;
}

export function setPart(state: FoldState, index: number, change: (part: Part) => Part): void {
  const part = state.parts[index];
  if (!part) return;
  const next = change(part);
  if (next !== part) state.areNewParts = true;
  state.parts[index] = next;
}

/** Changes a tool part, where there is one at that index. */
export function setTool(state: FoldState, index: number, change: (part: ToolPart) => ToolPart): void {
  setPart(state, index, (part) => (part.type === 'tool' ? change(part) : part));
}

/** Changes a tool part, or adds one where there is none. */
export function putTool(
  state: FoldState,
  index: number,
  change: (part: ToolPart | undefined) => ToolPart,
): number {
  if (state.parts[index]?.type !== 'tool') return addPart(state, change(undefined));
  setTool(state, index, change);
  return index;
}

export function addMetadata(state: FoldState, more: JsonValue | undefined): void {
  const { head } = state;
  const metadata = mergeMetadata(head.metadata, more);
  if (metadata !== undefined && metadata !== head.metadata) state.head = { ...head, metadata };
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
      (isDynamic === undefined || isDynamic === (part.dynamic === true)),
  );
}

/** A data part with an id; its value is replaced in place. */
export function findData({ parts }: FoldState, name: unknown, id: unknown): number {
  return parts.findIndex(
    (part) => part.type === 'data' && part.name === name && part.id === id && typeof id === 'string',
  );
}

/** The call that an approval belongs to. */
export function findAsked({ parts }: FoldState, id: string): number {
  return parts.findIndex((part) => part.type === 'tool' && part.approval?.id === id);
}
