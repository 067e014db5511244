import type { ColdStore, Copy, HotTier, Standing } from '@holdfast/channel/engine';

/**
 * Tells sessions of the hot engine what the cold store has of them. That is needed once, and again whenever the hot
 * engine may have come back from an earlier state: then the cold store may have messages in later states, and knows of
 * serials that must not be issued again (P28). The fence is new each time, so that whoever is still moving what was read
 * before comes too late.
 */
export interface Joining {
  join(channel: string): Promise<void>;
  /**
   * For a joined session whose fence is not the cold store's: of two that joined it at once, one came first here and the
   * other there. The cold store's is taken over. Nobody moves under that one: it is newer than the session's own, and no
   * session goes back to an earlier one without having been apart, which makes a new one.
   */
  renew(channel: string): Promise<void>;
  /** Whether what the hot engine says of a session that stands there is to be relied on. */
  isSound(channel: string, standing: Standing): Promise<boolean>;
}

export function createJoining(tier: HotTier, cold: ColdStore): Joining {
  const running = new Map<string, Promise<void>>();

  const claim = async (channel: string, standing: Standing): Promise<void> => {
    const fence = createFence();
    const extent = await cold.claim(channel, fence);
    const drop = standing.kind === 'apart' ? await outdated(channel, standing.copies) : [];
    await tier.join(channel, standing.mark, { ...extent, fence, drop });
  };

  /** Neither side changes meanwhile: the one takes no commits, the other nothing under an earlier fence. */
  const outdated = async (channel: string, copies: readonly Copy[]): Promise<readonly Copy[]> => {
    if (copies.length === 0) return [];
    const serials = copies.map(({ serial }) => serial);
    const kept = new Map((await cold.copies(channel, serials)).map((copy) => [copy.serial, copy.changed]));
    return copies.filter(({ serial, changed }) => (kept.get(serial) ?? '') >= changed);
  };

  /** Once at a time for a session. */
  const alone = (channel: string, work: () => Promise<void>): Promise<void> => {
    const before = running.get(channel);
    if (before !== undefined) return before;
    const done = work().finally(() => running.delete(channel));
    running.set(channel, done);
    return done;
  };

  return {
    join: (channel) =>
      alone(channel, async () => {
        const standing = await tier.standing(channel);
        if (standing.kind !== 'joined') await claim(channel, standing);
      }),
    renew: (channel) =>
      alone(channel, async () => {
        const standing = await tier.standing(channel);
        if (standing.kind !== 'joined') return;
        const { fence, ...extent } = await cold.extent(channel);
        if (fence === undefined) await claim(channel, standing);
        else await tier.join(channel, standing.mark, { ...extent, fence, drop: [] });
      }),
    async isSound(channel, { kind }) {
      if (kind !== 'absent') return kind === 'joined';
      const { newest, changed } = await cold.extent(channel);
      return newest === 0 && changed === 0;
    },
  };
}

function createFence(): string {
  return [...crypto.getRandomValues(new Uint32Array(3))].map((part) => part.toString(36)).join('');
}
