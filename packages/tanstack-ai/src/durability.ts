export { channelStream, type ChannelStreamOptions } from './durability/channel-stream.ts';
