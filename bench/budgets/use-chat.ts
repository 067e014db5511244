// What a page with useChat loads of Holdfast.
export { createChatTransport, syncChat, toUIMessages } from '@holdfast/ai-sdk';
export { openSession } from '@holdfast/core';
export { createWebSocketChannels } from '@holdfast/websocket';
