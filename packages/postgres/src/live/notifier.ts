import { setTimeout as wait } from 'node:timers/promises';
import type { ChannelError } from '@holdfast/channel';
import { toChannelError } from '../connection/errors.ts';
import type { Database } from '../connection/database.ts';
import type { Head } from '../storage/store.ts';
import { cutFrame } from './frames.ts';
import { encodeNews, type News } from './news.ts';

export interface NotifierOptions {
  readonly database: Database;
  readonly topic: string;
  readonly sender: string;
  /** How long what is told is gathered, in milliseconds: a NOTIFY holds up every commit of the database. */
  readonly gatherMs: number;
}

/** Tells the other processes, a few times a second and never within a commit. */
export interface Notifier {
  /** Where a session stands now. Nobody waits for it. */
  head(channel: string, head: Head): void;
  /** Resolves when it is sent. */
  send(news: News): Promise<void>;
  close(): Promise<void>;
}

interface Letter {
  readonly news: News;
  readonly resolve: () => void;
  readonly reject: (error: ChannelError) => void;
}

export function createNotifier({ database, topic, sender, gatherMs }: NotifierOptions): Notifier {
  let heads = new Map<string, Head>();
  let letters: Letter[] = [];
  const closing = new AbortController();
  let number = 0;
  let running: Promise<void> | undefined;

  const cut = (news: News): readonly string[] => cutFrame(sender, (number += 1), encodeNews(news));

  const flush = async (): Promise<void> => {
    const sent = letters;
    const all: readonly News[] = [
      ...sent.map(({ news }) => news),
      ...(heads.size > 0 ? [{ kind: 'heads', heads } as const] : []),
    ];
    heads = new Map();
    letters = [];
    try {
      await database.query(
        'SELECT pg_notify($1, payload) FROM unnest($2::text[]) WITH ORDINALITY AS p (payload, n) ORDER BY n',
        [topic, all.flatMap(cut)],
      );
      for (const { resolve } of sent) resolve();
    } catch (error) {
      // Heads are found by those who compare them.
      for (const { reject } of sent) reject(toChannelError(error));
    }
  };
  const run = async (): Promise<void> => {
    // At once where it was quiet, then at most once in each such time.
    while (heads.size + letters.length > 0) {
      await flush();
      await wait(gatherMs, undefined, { signal: closing.signal }).catch(() => {});
    }
    running = undefined;
  };
  const start = (): void => {
    running ??= Promise.resolve().then(run);
  };

  return {
    head(channel, head) {
      heads.set(channel, head);
      start();
    },
    send: (news) =>
      new Promise((resolve, reject) => {
        letters.push({ news, resolve, reject });
        start();
      }),
    async close() {
      closing.abort();
      while (running !== undefined) await running;
    },
  };
}
