import type { Session, SessionMessage } from '@holdfast/core';
import {
  CITATIONS,
  numberCitations,
  readCitations,
  type Citation,
  type NumberedCitations,
} from '@holdfast/core/annotations';
import { useEffect, useMemo, useState } from 'react';

/** What a message rests on. How much that is comes with the message; each citation is read when that changes. */
export function useCitations(session: Session, message: SessionMessage): NumberedCitations {
  const [citations, setCitations] = useState<readonly Citation[]>([]);
  const { id, annotations } = message;
  const summary = annotations?.types[CITATIONS];
  useEffect(() => {
    if (summary === undefined) return undefined;
    let isWanted = true;
    readCitations(session, id).then(
      (read) => isWanted && setCitations(read),
      (error: unknown) => console.error(error),
    );
    return () => void (isWanted = false);
  }, [session, id, summary]);
  return useMemo(() => numberCitations(citations), [citations]);
}
