import { Chat, useChat } from '@ai-sdk/react';
import { createChatTransport, syncChat } from '@holdfast/ai-sdk';
import type { Channels } from '@holdfast/channel';
import { openSession } from '@holdfast/core';

export function connect(channels: Channels, name: string) {
  const session = openSession({ channels, name });
  const chat = new Chat({ transport: createChatTransport(session) });
  const { stop } = syncChat(chat, session);
  return { chat, stop };
}

export function Conversation({ chat, stop }: ReturnType<typeof connect>) {
  const { messages, sendMessage, status } = useChat({ chat });
  return (
    <>
      {messages.map(({ id, role, parts }) => (
        <p key={id}>
          {role}: {parts.map((part) => (part.type === 'text' ? part.text : ''))}
        </p>
      ))}
      {status === 'submitted' || status === 'streaming' ? (
        <button onClick={() => void stop()}>Stop</button>
      ) : (
        <button onClick={() => void sendMessage({ text: 'Hello' })}>Say hello</button>
      )}
    </>
  );
}
