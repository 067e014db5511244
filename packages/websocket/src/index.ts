export type { BackoffOptions } from '@holdfast/channel';
export type { WebSocketChannelsOptions } from './options.ts';
export type { Transport } from './route.ts';
export { createWebSocketChannels } from './web-socket-channels.ts';
export type { WebSocketConstructor, WebSocketLike } from './web-socket-link.ts';
