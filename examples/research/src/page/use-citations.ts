import type { Session, SessionMessage } from '@holdfast/core';
import { readCitations, type MadeCitation } from '@holdfast/core/annotations';
import { useEffect, useState } from 'react';

const NONE: readonly MadeCitation[] = [];

/** The citations of an answer, read again whenever its summary says that there are others. */
export function useCitations(session: Session, answer: SessionMessage | undefined): readonly MadeCitation[] {
  const [citations, setCitations] = useState(NONE);
  const { id, annotations } = answer ?? {};
  useEffect(() => {
    if (id === undefined || annotations === undefined) return undefined;
    let isWanted = true;
    readCitations(session, id).then(
      (read) => {
        if (isWanted) setCitations(read);
      },
      (error: unknown) => console.error('The citations could not be read', error),
    );
    return () => {
      isWanted = false;
    };
  }, [session, id, annotations]);
  return citations;
}
