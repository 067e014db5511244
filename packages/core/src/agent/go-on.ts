import { control, createLogReader, RS } from '@holdfast/codec';
import type { Part, ToolPart } from '@holdfast/codec';
import { isAskedFor, isOwnCall } from './decisions/waiting.ts';

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
export function settleLost(parts: readonly Part[]): string {
  return parts
    .flatMap((part) =>
      part.type === 'tool' &&
      part.by === undefined &&
      isUnderWay(part) &&
      !isAskedFor(part) &&
      !isOwnCall(part)
        ? control(['result', part.callId, { error: LOST }])
        : [],
    )
    .join('');
}

function isUnderWay({ state }: ToolPart): boolean {
  return state === 'proposed' || state === 'approved' || state === 'running';
}

const LOST = 'The process that ran this was lost before there was a result.';
