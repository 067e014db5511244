import type { Channels, Cursor } from '@holdfast/channel';
import type { Part, ReasoningPart } from '@holdfast/codec';
import type { RunId } from '../../ids.ts';
import { joinThread, readThread, reasoningLane } from '../../reasoning/thread.ts';
import { persist } from '../persist.ts';

/** Reads what was thought beside a session, for prompts. */
export interface Threads {
  /**
   * A response's parts with the reasoning that lies beside it. A part whose thread is not there any more, or not as long as the
   * log says, stays as it is: prompts leave it out.
   */
  join(run: RunId, parts: readonly Part[]): Promise<readonly Part[]>;
}

export interface ThreadsOptions {
  readonly channels: Channels;
  /** The session's name. */
  readonly session: string;
  readonly signal: AbortSignal;
  readonly onError: (error: unknown) => void;
}

const PAGE = 100;

/** Each thread is read once. */
export function openThreads({ channels, session, signal, onError }: ThreadsOptions): Threads {
  const known = new Map<string, Promise<ReadonlyMap<string, string>>>();

  const load = async (run: RunId, ids: ReadonlySet<string>): Promise<ReadonlyMap<string, string>> => {
    const channel = channels.channel(reasoningLane(session, run));
    const said = new Map<string, string>();
    let cursor: Cursor | undefined;
    do {
      const query = { limit: PAGE, ...(cursor !== undefined && { cursor }) };
      const page = await persist(() => channel.history(query), signal);
      for (const message of page.messages) {
        const text = ids.has(message.id) ? readThread(message) : undefined;
        if (text !== undefined) said.set(message.id, text);
      }
      cursor = said.size < ids.size ? page.next : undefined;
    } while (cursor !== undefined);
    return said;
  };
  const read = (run: RunId, ids: readonly string[]): Promise<ReadonlyMap<string, string>> => {
    const key = JSON.stringify([run, ...ids]);
    const reading =
      known.get(key) ??
      load(run, new Set(ids)).catch((error: unknown) => {
        signal.throwIfAborted();
        onError(error);
        return new Map<string, string>();
      });
    known.set(key, reading);
    return reading;
  };

  return {
    async join(run, parts) {
      const ids = parts.flatMap((part) => (isThreaded(part) ? part.thread : []));
      if (ids.length === 0) return parts;
      const said = await read(run, ids);
      return parts.map((part) => {
        const text = isThreaded(part) ? joinThread(part, said) : undefined;
        if (text === undefined || part.type !== 'reasoning') return part;
        const { thread: _thread, length: _length, ...own } = part;
        return { ...own, text };
      });
    },
  };
}

function isThreaded(part: Part): part is ReasoningPart & Required<Pick<ReasoningPart, 'thread'>> {
  return part.type === 'reasoning' && part.thread !== undefined;
}
