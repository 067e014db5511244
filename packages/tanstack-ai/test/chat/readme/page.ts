import type { Channels } from '@holdfast/channel';
import { openSession } from '@holdfast/core';
import { createConnection } from '@holdfast/tanstack-ai';
import { ChatClient, type UIMessage } from '@tanstack/ai-client';

export function connect(channels: Channels, name: string, show: (messages: UIMessage[]) => void) {
  const session = openSession({ channels, name });
  const connection = createConnection(session);
  const chat = new ChatClient({ connection, threadId: name, onMessagesChange: show });
  chat.subscribe(); // `useChat({ connection, live: true })` does so by itself
  return { chat, stop: () => connection.cancel() };
}
