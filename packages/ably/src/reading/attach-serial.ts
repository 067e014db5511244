import type { RealtimeChannel } from 'ably';
import { isRecord } from '../wire/record.ts';

/** Where the attachment began: in Ably's specification (RTL15) and in the client, but not in the client's types. */
export function attachSerialOf(channel: RealtimeChannel): string | undefined {
  const properties: unknown = Reflect.get(channel, 'properties');
  const serial = isRecord(properties) ? properties['attachSerial'] : undefined;
  return typeof serial === 'string' ? serial : undefined;
}
