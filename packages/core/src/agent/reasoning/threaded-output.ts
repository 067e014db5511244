import type { Channel } from '@holdfast/channel';
import { createThreadSplit } from '@holdfast/codec';
import type { RunId } from '../../ids.ts';
import { roomOf } from '../room.ts';
import type { RunOutput } from '../run-output.ts';
import { createThreadWriter, type ThreadWriter } from './thread-writer.ts';

export interface ThreadedOutputOptions {
  readonly output: RunOutput;
  readonly run: RunId;
  /** Where the reasoning goes. */
  readonly channel: Channel;
  /** The session's. */
  readonly main: Pick<Channel, 'features'>;
  /** What stands of the log already. */
  readonly past: string;
  readonly signal: AbortSignal;
  /** Told of reasoning that could not be written beside the log, and so stands in it. */
  readonly onError: (error: unknown) => void;
}

/** JSON writes a code unit in at most this many bytes. */
const MOST_BYTES = 6;
/** What a control has beside its text, in bytes, generously. */
const CONTROL_BYTES = 100;

/** An output that puts the reasoning beside the log. What can't be stored there stands in the log after all. */
export function withThreads(options: ThreadedOutputOptions): RunOutput {
  const { output, run, channel, past, signal, onError } = options;
  const writers = new Map<number, ThreadWriter>();
  /** Those that got something since they were last found to be ready. */
  const fed = new Set<ThreadWriter>();
  let progress = 0;
  const most = Math.floor((roomOf(options.main) - CONTROL_BYTES) / MOST_BYTES);

  const split = createThreadSplit(past, {
    text(n, text) {
      progress += text.length;
      const writer = writerOf(n);
      writer.append(text);
      fed.add(writer);
    },
    close: (n) => writers.get(n)?.text.length ?? 0,
  });

  const writerOf = (n: number): ThreadWriter => {
    const known = writers.get(n);
    if (known !== undefined) return known;
    const writer = createThreadWriter({
      channel,
      run,
      signal,
      onMessage: (id) => output.append(split.announce(n, id)),
      onFailed(error) {
        if (signal.aborted) return;
        onError(error);
        output.append(split.inline(n, writer.text, most));
      },
    });
    writers.set(n, writer);
    return writer;
  };
  const flush = async (): Promise<void> => {
    // What failed stands in the log.
    await Promise.allSettled([...writers.values()].map((writer) => writer.flush()));
  };

  return {
    state: (serial, length) => output.state(serial, length),
    append: (text) => output.append(split.push(text)),
    ready() {
      for (const writer of fed) {
        const ready = writer.ready();
        // A thread that fails holds nobody back.
        if (ready !== undefined) return ready.catch(() => {});
        fed.delete(writer);
      }
      return output.ready();
    },
    settled: flush,
    async flush() {
      await flush();
      await output.flush();
    },
    get progress() {
      return progress + output.progress;
    },
  };
}
