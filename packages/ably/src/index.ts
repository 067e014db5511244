export { createAblyChannels, type AblyChannelsOptions } from './ably-channels.ts';
