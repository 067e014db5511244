import type { Channel } from '@holdfast/channel';
import { control, LF, parseFrame, RS } from '@holdfast/codec';
import { SessionError } from '../errors.ts';

/** Share of `maxMessageBytes` that a log may fill: the rest is for headers and for a last control. */
const FULL = 0.85;

/** JSON writes a code unit in at most this many bytes. */
const MOST_BYTES = 6;

const utf8 = new TextEncoder();

/** How much of a log fits into one message of a channel, in bytes. */
export function roomOf({ features }: Pick<Channel, 'features'>): number {
  return features.maxMessageBytes * FULL;
}

export function bytesOf(text: string): number {
  return utf8.encode(JSON.stringify(text)).length;
}

/** Text with what doesn't fit left out: a control has to stand in one message, whatever that costs. */
export interface Fitted {
  readonly text: string;
  /** Why something was left out. A call whose result it was has an error instead. */
  readonly error?: SessionError;
}

export function fit(text: string, room: number): Fitted {
  if (text.length * MOST_BYTES < room) return { text };
  let error: SessionError | undefined;
  const fitted = text.replace(CONTROL, (json) => {
    const bytes = bytesOf(json);
    if (bytes <= room) return json;
    const frame = parseFrame(json.slice(RS.length, -LF.length));
    const [verb, id] = Array.isArray(frame) ? (frame as readonly unknown[]) : [];
    const what = verb === 'result' ? 'The tool’s result' : 'A part of the answer';
    const says = `${what} takes ${bytes} bytes, and a message of this channel has room for ${Math.floor(room)}: store it elsewhere, and give a reference.`;
    error = new SessionError('too_large', says);
    return verb === 'result' && typeof id === 'string' ? control(['result', id, { error: says }]) : '';
  });
  return error === undefined ? { text } : { text: fitted, error };
}

const CONTROL = new RegExp(`${RS}[^${LF}]*${LF}`, 'gu');
