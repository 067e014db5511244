import { citedSites, numberCitations, splitAtMarkers } from '@holdfast/core/annotations';
import type { Session, SessionMessage } from '@holdfast/core';
import { memo } from 'react';
import { useCitations } from './use-citations.ts';

interface AnswerProps {
  readonly session: Session;
  readonly answer: SessionMessage | undefined;
  readonly isOpen: boolean;
}

/** What an agent has written so far, with its sources behind the words that rest on them. */
export const Answer = memo(function Answer({ session, answer, isOpen }: AnswerProps) {
  const citations = useCitations(session, answer);
  if (answer === undefined) return null;
  const text = answer.parts
    .flatMap((part) => (part.type === 'text' ? part.text : []))
    .join('')
    .trimEnd();
  const { sources, markers } = numberCitations(citations);
  const sites = citedSites(answer);
  return (
    <div className="answer">
      <p className="text">
        {splitAtMarkers(text, markers).map(({ text: piece, numbers }, index) => (
          <span key={index}>
            {piece}
            {numbers.map((number) => (
              <sup key={number}>
                <a
                  href={sources[number - 1]?.url}
                  title={sources[number - 1]?.title}
                  target="_blank"
                  rel="noreferrer"
                >
                  {number}
                </a>
              </sup>
            ))}
          </span>
        ))}
        {isOpen && <span className="caret" aria-hidden="true" />}
      </p>
      {sites.length > 0 && (
        <details className="sources">
          <summary>{sites.map(({ site, count }) => `${count} from ${site}`).join(', ')}</summary>
          <ol>
            {sources.map(({ number, url, title }) => (
              <li key={number}>
                <a href={url} target="_blank" rel="noreferrer">
                  {title ?? url}
                </a>
              </li>
            ))}
          </ol>
        </details>
      )}
    </div>
  );
});
