import { ChannelError } from '@holdfast/channel';
import type { Capabilities, CapabilityOperation } from './identity.ts';

/** Whether the capabilities allow an operation on a channel. */
export function allows(capabilities: Capabilities, channel: string, operation: CapabilityOperation): boolean {
  return Object.entries(capabilities).some(
    ([pattern, operations]) =>
      fits(pattern, channel) && (operations.includes('*') || operations.includes(operation)),
  );
}

/** @throws ChannelError `forbidden` */
export function checkAllowed(
  capabilities: Capabilities,
  channel: string,
  operation: CapabilityOperation,
): void {
  if (!allows(capabilities, channel, operation))
    throw new ChannelError(
      'forbidden',
      `The token doesn't allow ${operation} on the channel ${JSON.stringify(channel)}.`,
    );
}

function fits(pattern: string, channel: string): boolean {
  return pattern.endsWith('*') ? channel.startsWith(pattern.slice(0, -1)) : pattern === channel;
}
