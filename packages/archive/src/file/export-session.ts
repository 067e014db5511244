import type { Channels } from '@holdfast/channel';
import type { RunId } from '@holdfast/core';
import { reasoningLane } from '@holdfast/core/reasoning';
import { collect } from '../save/collect.ts';
import { isThought, threadedRuns } from '../save/lanes.ts';
import { headOf, type FileEnd } from './format.ts';

/**
 * A session as lines of JSON, newest message first: all that its channel has, and its archive where the channels are joined to
 * one; then the reasoning that lies beside it. Each line ends with a newline, so that joined they are the file.
 *
 * @throws ChannelError `forbidden`, `unavailable`, `closed`
 */
export async function* exportSession(channels: Channels, session: string): AsyncGenerator<string, void> {
  yield lineOf(headOf(session));
  let messages = 0;
  const runs = new Set<RunId>();
  for await (const entries of collect(channels.channel(session)))
    for (const entry of entries) {
      yield lineOf(entry);
      messages += 1;
      for (const run of threadedRuns([entry])) runs.add(run);
    }
  for (const run of runs)
    for await (const entries of collect(channels.channel(reasoningLane(session, run))))
      for (const entry of entries.filter(isThought)) {
        yield lineOf({ ...entry, run });
        messages += 1;
      }
  yield lineOf({ messages } satisfies FileEnd);
}

function lineOf(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}
