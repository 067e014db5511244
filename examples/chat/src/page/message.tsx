import { isToolUIPart, type UIMessage } from 'ai';
import { memo } from 'react';
import Markdown from 'react-markdown';
import { ToolCard } from './tool-card.tsx';
import { Unsent } from './unsent.tsx';

interface MessageViewProps {
  readonly message: UIMessage;
  readonly streaming: boolean;
}

export const MessageView = memo(function MessageView({ message, streaming }: MessageViewProps) {
  const sources = message.parts.filter((part) => part.type === 'source-url');
  return (
    <article className={`message ${message.role}`} data-message={message.id} data-streaming={streaming}>
      {message.parts.map((part, index) => {
        if (part.type === 'text')
          return (
            <div key={index} className="text">
              {message.role === 'user' ? part.text : <Markdown>{part.text}</Markdown>}
            </div>
          );
        if (part.type === 'reasoning')
          return (
            <details key={index} className="reasoning" open={streaming && part.state === 'streaming'}>
              <summary>{part.state === 'streaming' ? 'Thinking' : 'Thought about it'}</summary>
              <p>{part.text}</p>
            </details>
          );
        if (isToolUIPart(part)) return <ToolCard key={index} part={part} message={message.id} />;
        return null;
      })}
      {streaming && message.role === 'assistant' && <span className="caret" aria-hidden="true" />}
      {message.role === 'user' && <Unsent message={message.id} />}
      {sources.length > 0 && (
        <ul className="sources" aria-label="Sources">
          {sources.map(({ sourceId, url, title }) => (
            <li key={sourceId}>
              <a href={url} target="_blank" rel="noreferrer">
                {title ?? new URL(url).hostname}
              </a>
            </li>
          ))}
        </ul>
      )}
    </article>
  );
});
