import type { Channel, Operation, Receipt } from '@holdfast/channel';
import { SessionError } from '../errors.ts';

/** Publishes one operation. @throws ChannelError as `Channel.publish` */
export async function publishOne(channel: Channel, operation: Operation): Promise<Receipt> {
  const [receipt] = await channel.publish(operation);
  if (receipt) return receipt;
  throw new SessionError('refused', 'The channel gave no receipt.');
}
