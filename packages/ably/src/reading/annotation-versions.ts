import type { RealtimeChannel } from 'ably';

const PAGE = 1000;

/**
 * Which annotation of a message is the newest: a summary of Ably has no version, so that the serial of the last annotation
 * in it is taken. It is known from the annotations that come live, or from the list.
 */
export interface AnnotationVersions {
  heard(messageSerial: string, serial: string): void;
  /** From what came live; undefined where none did. */
  live(messageSerial: string): string | undefined;
  /** From the list; undefined where nobody has annotated it. */
  read(messageSerial: string): Promise<string | undefined>;
  clear(): void;
}

export function createAnnotationVersions(channel: RealtimeChannel): AnnotationVersions {
  const newest = new Map<string, string>();
  return {
    heard(messageSerial, serial) {
      if (serial > (newest.get(messageSerial) ?? '')) newest.set(messageSerial, serial);
    },
    live: (messageSerial) => newest.get(messageSerial),
    async read(messageSerial) {
      let page = await channel.annotations.get(messageSerial, { limit: PAGE });
      let last = page.items.at(-1);
      while (page.hasNext()) {
        const next = await page.next();
        if (next === null) break;
        page = next;
        last = page.items.at(-1) ?? last;
      }
      return last?.serial;
    },
    clear: () => newest.clear(),
  };
}
