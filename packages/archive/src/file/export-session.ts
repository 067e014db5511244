import type { Channels } from '@holdfast/channel';
import { collect } from '../save/collect.ts';
import { headOf, type FileEnd } from './format.ts';

/**
 * A session as lines of JSON, newest message first: all that its channel has, and its archive where the channels are joined to
 * one. Each line ends with a newline, so that joined they are the file.
 *
 * @throws ChannelError `forbidden`, `unavailable`, `closed`
 */
export async function* exportSession(channels: Channels, session: string): AsyncGenerator<string, void> {
  yield lineOf(headOf(session));
  let messages = 0;
  for await (const entries of collect(channels.channel(session)))
    for (const entry of entries) {
      yield lineOf(entry);
      messages += 1;
    }
  yield lineOf({ messages } satisfies FileEnd);
}

function lineOf(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}
