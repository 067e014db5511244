/** A chunk as the codec handles it: any type, any fields. */
export type AnyChunk = { readonly type: string; readonly [field: string]: unknown };

/**
 * The chunks of one push. `tool-input-available` makes a client run the tool, so it must not come for a call that was
 * settled already: such a call gets there by chunks that run nothing and fold to the same message.
 */
export interface PushChunks {
  add(chunk: AnyChunk): void;
  /** A call whose input is complete. */
  call(id: string, chunk: AnyChunk): void;
  /** The next chunk needs the call's input complete. */
  completing(id: string): void;
  /** The next chunk settles the call: it needn't run any more. */
  settling(id: string): void;
  take(): AnyChunk[];
  /** Calls that show as streaming, so that nothing runs until they are settled again. */
  readonly held: ReadonlySet<string>;
  /** What was read again is read: from now on calls are new ones. */
  goLive(): void;
}

/** `wasSettled` are calls that had their result once, before it was taken back: read again, they run no more. */
export function createPushChunks(wasSettled: Pick<ReadonlySet<string>, 'has'>): PushChunks {
  let chunks: (AnyChunk | readonly AnyChunk[])[] = [];
  let isLive = false;
  /** Where in `chunks` a call lies that would run. */
  const running = new Map<string, number>();
  const held = new Set<string>();
  return {
    held,
    goLive() {
      isLive = true;
    },
    add: (chunk) => void chunks.push(chunk),
    call(id, chunk) {
      if (!isLive && wasSettled.has(id)) held.add(id);
      else running.set(id, chunks.length);
      chunks.push(held.has(id) ? streaming(chunk) : chunk);
    },
    completing(id) {
      if (held.delete(id)) chunks.push(complete(id));
    },
    settling(id) {
      this.completing(id);
      const at = running.get(id);
      const call = at === undefined ? undefined : chunks[at];
      if (at === undefined || call === undefined || !('type' in call)) return;
      chunks[at] = [...streaming(call), complete(id)];
      running.delete(id);
    },
    take() {
      const taken = chunks.flat();
      chunks = [];
      running.clear();
      return taken;
    },
  };
}

/** A call as if its input still streamed. */
function streaming({ input, ...call }: AnyChunk): readonly AnyChunk[] {
  const start = { ...call, type: 'tool-input-start' };
  if (input === undefined) return [start];
  return [
    start,
    { type: 'tool-input-delta', toolCallId: call['toolCallId'], inputTextDelta: JSON.stringify(input) },
  ];
}

/** Makes the input of a streaming call its input: an output that isn't there yet, which what follows replaces. */
function complete(id: string): AnyChunk {
  return { type: 'tool-output-available', toolCallId: id, output: undefined };
}
