import { setTimeout as wait } from 'node:timers/promises';
import type { Place } from './place.ts';

const INTERVAL_MS = 500;

/** Starts what isn't running any more, until the signal; what systemd or Kubernetes does elsewhere. */
export async function supervise(places: readonly Place[], signal: AbortSignal): Promise<void> {
  const pids = new Map(places.map((place) => [place, place.pid]));
  while (!signal.aborted) {
    for (const place of places) {
      await place.start();
      if (pids.get(place) !== place.pid) console.log(`  ${place.name} is back: process ${place.pid}`);
      pids.set(place, place.pid);
    }
    await wait(INTERVAL_MS, undefined, { signal }).catch(() => {});
  }
}
