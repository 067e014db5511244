import { setTimeout as wait } from 'node:timers/promises';

/** How often each gateway is asked, in milliseconds. It drains for longer, so that nobody is sent to one that leaves. */
const INTERVAL_MS = 250;
const TIMEOUT_MS = 1000;

export interface Health {
  /** The gateways that say they are well. */
  readonly healthy: ReadonlySet<string>;
  /** A gateway didn't do what it should: it gets nobody until it is well again. */
  suspect(gateway: string): void;
  close(): void;
}

/** Asks gateways for their health, and goes on asking. Resolves after the first answers. */
export async function watchHealth(gateways: readonly string[]): Promise<Health> {
  const healthy = new Set<string>();
  const closing = new AbortController();
  const { signal } = closing;

  const look = async (gateway: string): Promise<void> => {
    const isWell = await fetch(`${gateway}/holdfast/health`, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isWell) healthy.add(gateway);
    else healthy.delete(gateway);
  };
  const keepLooking = async (gateway: string): Promise<void> => {
    while (!signal.aborted) {
      await wait(INTERVAL_MS, undefined, { signal }).catch(() => {});
      await look(gateway);
    }
  };

  await Promise.all(gateways.map(look));
  for (const gateway of gateways) void keepLooking(gateway);
  return {
    healthy,
    suspect: (gateway) => void healthy.delete(gateway),
    close: () => closing.abort(),
  };
}
