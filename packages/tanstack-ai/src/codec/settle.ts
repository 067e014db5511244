import type { AnswerLog } from './answer-log.ts';
import { FRAMEWORK } from './marks.ts';
import { isStreaming } from './write-text.ts';

/** Closes what is open, and settles the calls that nothing else will settle. */
export function settle(log: AnswerLog, reason: string): void {
  for (const part of log.content.parts) {
    if (part.type === 'tool') {
      if (part.state === 'denied') {
        if (part.settled !== true) log.control('result', part.callId, { denied: true });
      } else if (part.state !== 'result' && part.state !== 'error')
        log.control('result', part.callId, { error: reason });
    } else if (isStreaming(part) && part.n !== undefined) {
      const isStructured = part.type === 'text' && part.as === 'json';
      const x = { [FRAMEWORK]: { status: 'error', errorMessage: reason } };
      log.control('close', part.n, isStructured ? { x } : {});
    }
  }
}
