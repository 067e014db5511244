import type { UIMessage } from '@tanstack/ai-react';
import { memo } from 'react';
import Markdown from 'react-markdown';
import { ToolCard } from './tool-card.tsx';

interface MessageViewProps {
  readonly message: UIMessage;
  readonly streaming: boolean;
}

export const MessageView = memo(function MessageView({ message, streaming }: MessageViewProps) {
  const { id, role, parts } = message;
  return (
    <article className={`message ${role}`} data-message={id} data-streaming={streaming}>
      {parts.map((part, index) => {
        const isLast = index === parts.length - 1;
        switch (part.type) {
          case 'text':
            return (
              <div key={index} className="text">
                {role === 'user' ? part.content : <Markdown>{part.content}</Markdown>}
              </div>
            );
          case 'thinking':
            return (
              <details key={index} className="reasoning" open={streaming && isLast}>
                <summary>{streaming && isLast ? 'Thinking' : 'Thought about it'}</summary>
                <p>{part.content}</p>
              </details>
            );
          case 'tool-call':
            return <ToolCard key={index} part={part} />;
          default:
            return null;
        }
      })}
      {streaming && role === 'assistant' && <span className="caret" aria-hidden="true" />}
    </article>
  );
});
