import type { UIMessage } from '@tanstack/ai-react';
import { useEffect, useRef } from 'react';
import { MessageView } from './message.tsx';

interface ConversationProps {
  readonly messages: readonly UIMessage[];
  readonly busy: boolean;
}

/** The messages, kept at the bottom while the reader is there. */
export function Conversation({ messages, busy }: ConversationProps) {
  const box = useRef<HTMLDivElement>(null);
  const stick = useRef(true);
  useEffect(() => {
    if (stick.current) box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [messages]);

  return (
    <div
      className="conversation"
      ref={box}
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        stick.current = scrollHeight - scrollTop - clientHeight < 60;
      }}
    >
      {messages.length === 0 && (
        <div className="empty">
          <h2>Ask something, then break it</h2>
          <p>
            Try “How does a lighthouse work?”, “Weather in Lisbon” or “A long guide to everything”. While it
            answers, reload the page, cut the network, or stop it from elsewhere.
          </p>
        </div>
      )}
      {messages.map((message, index) => (
        <MessageView key={message.id} message={message} streaming={busy && index === messages.length - 1} />
      ))}
    </div>
  );
}
