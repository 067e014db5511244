import type { DeviceId } from '../ids.ts';
import type { OutboxEntry } from './entry.ts';
import type { Holder } from './holder.ts';
import type { Kept } from './kept.ts';

export interface HeritageOptions {
  readonly kept: Kept;
  readonly holder: Holder;
  readonly session: string;
  readonly device: DeviceId;
  readonly now: () => number;
  readonly isKnown: (id: string) => boolean;
  readonly take: (entries: readonly OutboxEntry[]) => Promise<void>;
}

/** After this long, where nobody can tell whether a tab is gone, another one sends what it wrote. */
const STRANDED_MS = 60_000;

/**
 * Takes over what outboxes that are gone have left of one person: before an earlier page of this tab, other tabs. Resolves when it has
 * what is there to be taken; what others still hold follows when they are gone.
 */
export async function takeHeritage(
  clientId: string,
  { kept, holder, session, device, now, isKnown, take }: HeritageOptions,
): Promise<void> {
  const left = async (): Promise<readonly OutboxEntry[]> =>
    (await kept.load(session)).filter((entry) => entry.clientId === clientId && !isKnown(entry.id));
  const found = await left();
  if (!holder.inherit)
    return take(found.filter((entry) => entry.device === device || entry.created < now() - STRANDED_MS));
  for (const from of new Set(found.map((entry) => entry.holder)))
    // Read again once it is gone: what it did meanwhile counts.
    await holder.inherit(from, async () => take((await left()).filter((entry) => entry.holder === from)));
}
