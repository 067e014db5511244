import { control, createContentFold, createLogReader, RS } from '@holdfast/codec';

/**
 * How much of a log another process can go on from, in UTF-16 code units: a model can finish a sentence that was begun, but
 * no thought and no input of a call. What is open of these is left out.
 */
export function lengthToGoOn(log: string): number {
  /** Where the `open` of each part begins that can't be gone on with. */
  const begun = new Map<unknown, number>();
  createLogReader({
    text() {},
    control([verb, subject, fields = {}], n, at) {
      if (verb === 'open' && (subject === 'reasoning' || subject === 'input'))
        begun.set(n, log.lastIndexOf(RS, at - 1));
      else if (verb === 'close') begun.delete(subject);
      else if (verb === 'call' || verb === 'miscall') begun.delete(fields['n']);
      else if (verb === 'step' && subject === 'reset') begun.clear();
    },
  }).push(log);
  return Math.min(log.length, ...begun.values());
}

/** Settles the calls that a lost process was at: nobody knows what came of them, and they are never run again (P13). */
export function settleLost(log: string): string {
  const fold = createContentFold();
  fold.push(log);
  return fold.content.parts
    .flatMap((part) =>
      part.type === 'tool' && part.by === undefined && (part.state === 'proposed' || part.state === 'running')
        ? control(['result', part.callId, { error: LOST }])
        : [],
    )
    .join('');
}

const LOST = 'The process that ran this was lost before there was a result.';
