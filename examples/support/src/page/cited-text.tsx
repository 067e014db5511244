import type { SessionMessage } from '@holdfast/core';
import { citedSites, splitAtMarkers, type NumberedCitations } from '@holdfast/core/annotations';

interface CitedTextProps extends Pick<NumberedCitations, 'markers'> {
  readonly text: string;
  /** Where it begins in the text of its message. */
  readonly start: number;
}

/** A piece of a message's text, with a number wherever it rests on a source. */
export function CitedText({ text, start, markers }: CitedTextProps) {
  if (text.trim() === '') return null;
  const own = markers.flatMap(({ at, numbers }) =>
    at > start && at <= start + text.length ? [{ at: at - start, numbers }] : [],
  );
  return (
    <p className="text">
      {splitAtMarkers(text.trimEnd(), own).map((piece, index) => (
        <span key={index}>
          {piece.text}
          {piece.numbers.map((number) => (
            <sup key={number}>{number}</sup>
          ))}
        </span>
      ))}
    </p>
  );
}

interface SourcesProps extends Pick<NumberedCitations, 'sources'> {
  readonly message: SessionMessage;
}

export function Sources({ message, sources }: SourcesProps) {
  if (sources.length === 0) return null;
  return (
    <ul className="sources" aria-label="Sources">
      {sources.map(({ number, url, title }) => (
        <li key={url}>
          <a href={url} target="_blank" rel="noreferrer">
            {number} {title ?? url}
          </a>
        </li>
      ))}
      <li>{citedSites(message).map(({ site, count }) => `${count} from ${site}`)}</li>
    </ul>
  );
}
