import { ChannelError } from '@holdfast/channel';
import type { Channel } from '@holdfast/channel';

/** What happens to a publish: it works, it never arrives, or only its receipt gets lost. */
export type Luck = 'good' | 'lost' | 'receipt lost';

/** A channel whose publishes fail as `luck` says, one after the other; those past its end work. */
export function flaky(channel: Channel, luck: readonly Luck[]): Channel & { readonly publishes: number } {
  let publishes = 0;
  return {
    ...channel,
    features: channel.features,
    get publishes() {
      return publishes;
    },
    async publish(operations, options) {
      const fate = luck[publishes] ?? 'good';
      publishes += 1;
      if (fate === 'lost') throw new ChannelError('unavailable', 'It never arrived.');
      const receipts = await channel.publish(operations, options);
      if (fate === 'receipt lost') throw new ChannelError('unknown_outcome', 'The receipt never came.');
      return receipts;
    },
  };
}
