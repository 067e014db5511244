import type { JsonValue } from '@holdfast/channel';
import { control, createContentFold } from '@holdfast/codec';
import type { Content, Encoder } from '@holdfast/codec';
import { fit } from './room.ts';
import type { RunOutput } from './run-output.ts';

/** How a run ends here. `suspended` ends this leg only. */
export interface Ending {
  readonly status: 'complete' | 'suspended' | 'cancelled' | 'error' | 'lost';
  readonly reason?: string | undefined;
}

/** Writes a run's log: what a framework's encoder makes of chunks, and the agent's own controls. */
export interface RunWriter<Chunk> {
  chunk(chunk: Chunk): void;
  /** @throws SessionError `too_large`: a control that fits into no message; everything else of the text is written */
  append(text: string): void;
  /** Holds a fast stream back; see `RunOutput`. */
  ready(): Promise<void> | undefined;
  flush(): Promise<void>;
  /** The answer with all that was written here, whether or not it has come back on the channel. */
  content(): Content;
  /** Closes what is open, writes the end, and waits until all is stored. */
  end(ending: Ending): Promise<void>;
}

export interface RunWriterOptions<Chunk> {
  readonly encoder: Encoder<Chunk>;
  readonly output: RunOutput;
  /** What stands of the log already. */
  readonly past: string;
  /** How much fits into one message, in bytes. */
  readonly room: number;
  readonly sendSignals: (chunks: readonly JsonValue[]) => void;
}

export function createRunWriter<Chunk>({
  encoder,
  output,
  past,
  room,
  sendSignals,
}: RunWriterOptions<Chunk>): RunWriter<Chunk> {
  const fold = createContentFold();
  /** What was written since the answer was last asked for. */
  let unread = past;
  const append = (more: string): void => {
    if (more === '') return;
    const { text, error } = fit(more, room);
    unread += text;
    output.append(text);
    if (error !== undefined) throw error;
  };
  return {
    append,
    chunk(chunk) {
      encoder.write(chunk);
      append(encoder.take());
      const signals = encoder.takeSignals();
      // Chunks that are to travel are JSON, whatever their type says.
      if (signals.length > 0) sendSignals(signals as unknown as readonly JsonValue[]);
    },
    ready: () => output.ready(),
    flush: () => output.flush(),
    content() {
      fold.push(unread);
      unread = '';
      return fold.content;
    },
    async end({ status, reason }) {
      if (status !== 'suspended') encoder.settle(reason ?? status);
      append(encoder.take());
      if (output.settled !== undefined) await output.settled();
      append(control(reason === undefined ? ['end', status] : ['end', status, { reason }]));
      await output.flush();
    },
  };
}
