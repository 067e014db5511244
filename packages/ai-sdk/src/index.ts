export { uiMessageCodec } from './codec/ui-message-codec.ts';
export { toUIMessage } from './codec/to-ui-message.ts';
export { fromUIMessage } from './codec/from-ui-message.ts';
export { createChatTransport, type ChatTransportOptions } from './transport/chat-transport.ts';
export { syncChat, type ChatSync, type SyncedChat } from './sync/sync-chat.ts';
export { toUIMessages } from './sync/to-ui-messages.ts';
