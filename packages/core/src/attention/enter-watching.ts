import type { JsonObject } from '@holdfast/codec';
import type { Session } from '../session.ts';

/** What of a page's `document` is used. */
export interface Page {
  readonly visibilityState: string;
  addEventListener(event: 'visibilitychange', listener: () => void): void;
  removeEventListener(event: 'visibilitychange', listener: () => void): void;
}

export interface EnterWatchingOptions {
  /** What else others see of this participant. */
  readonly data?: JsonObject;
  /** Default: the page's `document`; without one, this participant counts as watching until it leaves. */
  readonly page?: Page;
}

/**
 * Enters presence as somebody who watches: as long as the page can be seen. A page in the background stays present, and does
 * not count as watching. Resolves when entered, with what leaves again.
 */
export async function enterWatching(
  session: Pick<Session, 'enter' | 'leave'>,
  { data = {}, page = (globalThis as { readonly document?: Page }).document }: EnterWatchingOptions = {},
): Promise<() => Promise<void>> {
  const enter = (): Promise<void> =>
    session.enter({ ...data, watching: page === undefined || page.visibilityState === 'visible' });
  const follow = (): void => {
    // Said again at the next change, and when the connection is back.
    enter().catch(() => {});
  };
  page?.addEventListener('visibilitychange', follow);
  try {
    await enter();
  } catch (error) {
    page?.removeEventListener('visibilitychange', follow);
    throw error;
  }
  return async () => {
    page?.removeEventListener('visibilitychange', follow);
    await session.leave();
  };
}
