import type { ToolPart } from '@holdfast/codec';
import type { Run, Session, SessionMessage } from '@holdfast/core';
import { memo } from 'react';
import { PEOPLE } from '../people.ts';
import { CitedText, Sources } from './cited-text.tsx';
import { RefundCard } from './refund-card.tsx';
import { useCitations } from './use-citations.ts';

interface MessageViewProps {
  readonly session: Session;
  readonly message: SessionMessage;
  readonly run: Run | undefined;
}

/** One message. Who speaks is what the channel has stamped, whatever the text says. */
export const MessageView = memo(function MessageView({ session, message, run }: MessageViewProps) {
  const { sources, markers } = useCitations(session, message);
  const { role, author, parts } = message;
  const isStreaming = run?.status === 'active' && run.output === message.id;
  let start = 0;
  if (parts.length === 0) return null;
  return (
    <article className={`message ${role}`} data-author={author.role}>
      <Byline author={author} />
      {parts.map((part, index) => {
        if (part.type === 'tool') return <Call key={index} session={session} run={run} part={part} />;
        if (part.type !== 'text') return null;
        const from = start;
        start += part.text.length;
        return <CitedText key={index} text={part.text} start={from} markers={markers} />;
      })}
      <Sources message={message} sources={sources} />
      {isStreaming && <span className="caret" aria-hidden="true" />}
    </article>
  );
});

const DOING: Readonly<Record<string, string>> = {
  handbook: 'Looked into the handbook',
  get_person: 'Asked for a person',
};

function Call({
  session,
  run,
  part,
}: Pick<MessageViewProps, 'session' | 'run'> & { readonly part: ToolPart }) {
  if (part.name === 'refund' && run !== undefined)
    return <RefundCard session={session} run={run} part={part} />;
  return <p className="doing">{DOING[part.name] ?? part.name}</p>;
}

function Byline({ author: { clientId = '', role } }: Pick<SessionMessage, 'author'>) {
  if (role === 'agent') return <p className="byline">Assistant</p>;
  const { name = clientId, title } = PEOPLE[clientId] ?? {};
  if (role === 'participant') return <p className="byline">{name}</p>;
  return (
    <p className="byline person">
      {name}, {title} <span>a person</span>
    </p>
  );
}
