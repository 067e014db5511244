import { createRandomId } from '@holdfast/channel';
import type { Channel } from '@holdfast/channel';
import { escapeText } from '@holdfast/codec';
import type { RunId } from '../../ids.ts';
import { REASONING } from '../../reasoning/thread.ts';
import { createOutputWriter, type OutputWriter } from '../output-writer.ts';
import { persist } from '../persist.ts';
import { bytesOf, roomOf } from '../room.ts';

export interface ThreadWriterOptions {
  readonly channel: Channel;
  readonly run: RunId;
  /** The text goes on in the message with this id. */
  readonly onMessage: (id: string) => void;
  /** Nothing more can be written. Called once. */
  readonly onFailed: (error: unknown) => void;
  /** Aborts when nobody waits for the text any more. */
  readonly signal: AbortSignal;
}

/** Writes the text of one part of reasoning into messages of its own: the next one where one gets too large. */
export interface ThreadWriter {
  /** All that was ever given to `append`. */
  readonly text: string;
  append(text: string): void;
  /** As `OutputWriter.ready`. */
  ready(): Promise<void> | undefined;
  /** Resolves when everything is stored. Rejects when it can't be. */
  flush(): Promise<void>;
}

/** What may wait for the message that is to have it, in UTF-16 code units. */
const BACKLOG = 1 << 16;

interface Leg {
  readonly opening: Promise<OutputWriter>;
  writer?: OutputWriter;
  /** Text that waits for the message to be there. */
  held: string;
  bytes: number;
}

export function createThreadWriter(options: ThreadWriterOptions): ThreadWriter {
  const { channel, run, onMessage, signal } = options;
  const room = roomOf(channel);
  const legs: Leg[] = [];
  let hasFailed = false;
  let text = '';

  const onFailed = (error: unknown): void => {
    if (!hasFailed) options.onFailed(error);
    hasFailed = true;
  };

  /** One after the other: very many that wait for one signal are taken for a leak. */
  const open = async (id: string, after: Leg | undefined): Promise<OutputWriter> => {
    await after?.opening;
    const draft = { id, name: REASONING, data: '', headers: { run } };
    const [receipt] = await persist(() => channel.publish({ action: 'create', draft }), signal);
    if (receipt === undefined) throw new TypeError('The channel gave no receipt.');
    return createOutputWriter({ channel, serial: receipt.serial, onFailed });
  };

  const begin = (): Leg => {
    const id = createRandomId();
    const leg: Leg = {
      held: '',
      bytes: 0,
      opening: open(id, legs.at(-1)).then((writer) => {
        leg.writer = writer;
        writer.append(leg.held);
        leg.held = '';
        return writer;
      }),
    };
    leg.opening.catch(onFailed);
    legs.push(leg);
    onMessage(id);
    return leg;
  };

  const put = (piece: string): void => {
    const bytes = bytesOf(piece);
    let leg = legs.at(-1);
    if (leg === undefined || leg.bytes + bytes > room) leg = begin();
    leg.bytes += bytes;
    if (leg.writer === undefined) leg.held += piece;
    else leg.writer.append(piece);
  };

  return {
    get text() {
      return text;
    },
    append(more) {
      text += more;
      if (hasFailed) return;
      for (const piece of piecesOf(more, room)) put(piece);
    },
    ready() {
      const leg = legs.at(-1);
      if (hasFailed || leg === undefined) return undefined;
      if (leg.writer !== undefined) return leg.writer.ready();
      return leg.held.length < BACKLOG ? undefined : leg.opening.then(() => {});
    },
    async flush() {
      for (const { opening } of legs) await (await opening).flush();
    },
  };
}

/** A code unit, as it is written, takes at most this many bytes: one that travels as a control of its own. */
const MOST_BYTES = 16;

/** Text as it stands in messages, in pieces each of which fits into one. */
function* piecesOf(text: string, room: number): Generator<string> {
  const most = Math.max(2, Math.floor(room / MOST_BYTES));
  for (let at = 0; at < text.length;) {
    let end = Math.min(text.length, at + most);
    // A pair of surrogates stays together.
    if (end < text.length && /[\uD800-\uDBFF]/u.test(text.charAt(end - 1))) end += 1;
    yield escapeText(text.slice(at, end));
    at = end;
  }
}
