import type { Channel, Delivery } from '@holdfast/channel';
import { listAll } from './listing.ts';
import { EMPTY_VIEW, applyDelivery, applyHistory } from './view.ts';
import type { View } from './view.ts';

/** What a reader of past deliveries knew after this one; where it is a gap, what history holds up to there. */
export async function follow(channel: Channel, view: View, delivery: Delivery): Promise<View> {
  if (delivery.kind !== 'gap') return applyDelivery(view, delivery);
  return applyHistory(EMPTY_VIEW, await listAll(channel, { until: delivery.position }));
}
