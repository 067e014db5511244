import type { RealtimeChannel } from 'ably';
import { decodeMessage, type Stored } from '../wire/message.ts';

/** How long Ably itself knows an id again. */
const WINDOW_MS = 120_000;
const PAGE = 1000;

/** What was created lately, by our ids; of several with one id the first. */
export async function readRecent(channel: RealtimeChannel): Promise<ReadonlyMap<string, Stored>> {
  const found = new Map<string, Stored>();
  let page = await channel.history({ limit: PAGE });
  for (;;) {
    for (const item of page.items) {
      const stored = decodeMessage(item);
      found.set(stored.message.id, stored);
    }
    const oldest = page.items.at(-1)?.timestamp;
    if (oldest === undefined || !page.hasNext()) return found;
    if (oldest < Date.now() - WINDOW_MS) return found;
    const next = await page.next();
    if (next === null) return found;
    page = next;
  }
}
