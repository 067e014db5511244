import { createRandomId } from '@holdfast/channel';
import type { Database } from '../connection/database.ts';
import type { Head } from '../storage/store.ts';
import { createFrameReader } from './frames.ts';
import { startHeadWatch } from './head-watch.ts';
import { openListener } from './listener.ts';
import { decodeNews, type News } from './news.ts';
import { createNotifier } from './notifier.ts';

export interface LinkOptions {
  readonly database: Database;
  /** What notifications go by: the schema's name. */
  readonly topic: string;
  readonly gatherMs: number;
  /** How often heads are compared while notifications come, in milliseconds. */
  readonly pollMs: number;
  /** Where the sessions that matter here stand. */
  readonly readHeads: () => Promise<ReadonlyMap<string, Head>>;
  /** What others tell, and what comparing finds. */
  readonly receive: (news: News) => void;
}

/** What connects the processes on one database. */
export interface Link {
  /** Tells where a session stands now. Nobody waits for it. */
  head(channel: string, head: Head): void;
  /** Resolves when it is sent. */
  send(news: News): Promise<void>;
  /** Sends what waits. */
  finish(): Promise<void>;
  /** Stops listening. */
  close(): Promise<void>;
}

/** How often heads are compared while nobody can be heard, in milliseconds. */
const DEAF_POLL_MS = 100;

export function openLink({ database, topic, gatherMs, pollMs, readHeads, receive }: LinkOptions): Link {
  const sender = createRandomId();
  const frames = createFrameReader();
  const notifier = createNotifier({ database, topic, sender, gatherMs });
  const listener = openListener({
    database,
    topic,
    receive(payload) {
      const frame = frames.read(payload);
      if (frame === undefined || frame.sender === sender) return;
      const news = decodeNews(frame.text);
      if (news !== undefined) receive(news);
    },
    began: () => watch.wake(),
  });
  const watch = startHeadWatch({
    intervalMs: () => (listener.isListening ? pollMs : Math.min(pollMs, DEAF_POLL_MS)),
    read: readHeads,
    notice: (heads) => receive({ kind: 'heads', heads }),
  });
  return {
    head: (channel, head) => notifier.head(channel, head),
    send: (news) => notifier.send(news),
    finish: () => notifier.close(),
    async close() {
      await Promise.all([listener.close(), watch.close()]);
    },
  };
}
