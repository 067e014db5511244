import type { Channel, Member } from '@holdfast/channel';

/** Who is present on a channel, as it tells. */
export interface Members {
  /** A new array after each change; undefined while the channel doesn't tell, and where it may not be asked. */
  readonly current: readonly Member[] | undefined;
  /** Resolves when it is known, or known that it won't be. */
  readonly ready: Promise<void>;
  close(): void;
}

export function watchMembers({ presence }: Pick<Channel, 'presence'>, changed: () => void): Members {
  const members = new Map<string, Member>();
  let current: readonly Member[] | undefined;
  let open = true;
  let stop = (): void => {};

  const tell = (next: readonly Member[] | undefined): void => {
    current = next;
    if (open) changed();
  };
  const start = async (): Promise<void> => {
    const subscription = await presence.subscribe((event) => {
      if (event.kind === 'sync') {
        members.clear();
        for (const member of event.members) members.set(member.memberId, member);
      } else if (event.kind === 'leave') members.delete(event.member.memberId);
      else members.set(event.member.memberId, event.member);
      tell([...members.values()]);
    });
    stop = () => subscription.close();
    if (!open) stop();
    void subscription.closed.then(() => tell(undefined));
  };

  return {
    get current() {
      return current;
    },
    ready: start().catch(() => {}),
    close() {
      open = false;
      stop();
    },
  };
}
