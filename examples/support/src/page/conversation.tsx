import type { Session } from '@holdfast/core';
import { useEffect, useRef } from 'react';
import { MessageView } from './message-view.tsx';
import { useSnapshot } from './use-session.ts';

/** The whole conversation, kept at its end. */
export function Conversation({ session }: { readonly session: Session }) {
  const { messages, runs, status } = useSnapshot(session);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [messages]);
  return (
    <div className="conversation" ref={box}>
      {messages.length === 0 && status === 'live' && (
        <div className="empty">
          <h2>How can we help?</h2>
          <p>
            Try “Can I send a jacket back?”, “A refund for order 8080, please” or “I would like to talk to a
            person”.
          </p>
        </div>
      )}
      {messages.map((message) => (
        <MessageView
          key={message.id}
          session={session}
          message={message}
          run={runs.find(({ output }) => output === message.id)}
        />
      ))}
    </div>
  );
}
