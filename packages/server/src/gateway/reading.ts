import type { Channel, HistoryQuery, Page } from '@holdfast/channel';
import type { Outlet } from './outlet.ts';

/** One client's reads: one after the other, and only while it takes in what it has read. */
export interface Reading {
  read<T>(work: () => Promise<T>): Promise<T>;
}

export function createReading(outlet: Pick<Outlet, 'relief'>): Reading {
  let last: Promise<unknown> = Promise.resolve();
  return {
    read(work) {
      const result = last.then(() => outlet.relief()).then(work);
      last = result.catch(() => {});
      return result;
    },
  };
}

/** A page of at most about `maxBytes`, or one message: a page may hold fewer messages than were asked for. */
export async function readPage(channel: Channel, query: HistoryQuery, maxBytes: number): Promise<Page> {
  const page = await channel.history(query);
  let bytes = 0;
  for (const [index, message] of page.messages.entries()) {
    bytes += JSON.stringify(message).length;
    if (bytes > maxBytes && index > 0) return channel.history({ ...query, limit: index });
  }
  return page;
}
