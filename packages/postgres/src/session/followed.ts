/** The sessions that somebody in this process listens to. */
export interface Followed {
  /** Returns what takes it back. */
  add(channel: string): () => void;
  has(channel: string): boolean;
  names(): readonly string[];
}

export function createFollowed(ended: (channel: string) => void): Followed {
  const counts = new Map<string, number>();
  return {
    add(channel) {
      counts.set(channel, (counts.get(channel) ?? 0) + 1);
      let added = true;
      return () => {
        if (!added) return;
        added = false;
        const left = (counts.get(channel) ?? 0) - 1;
        if (left > 0) return void counts.set(channel, left);
        counts.delete(channel);
        ended(channel);
      };
    },
    has: (channel) => counts.has(channel),
    names: () => [...counts.keys()],
  };
}
