import type { Channel, Receipt } from '@holdfast/channel';
import { mint, type RecordId } from '../ids.ts';
import { writeRecord } from '../records/write.ts';
import type { SessionRecord } from '../records.ts';
import { publishOne } from './publish-one.ts';

/** Stores a record on a session's channel. @throws ChannelError as `Channel.publish`; TypeError when a field is malformed */
export async function publishRecord(
  channel: Channel,
  record: SessionRecord,
  id: string = mint<RecordId>(),
): Promise<Receipt> {
  return publishOne(channel, { action: 'create', draft: writeRecord(id, record) });
}
