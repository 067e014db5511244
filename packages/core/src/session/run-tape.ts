import type { RunId } from '../ids.ts';
import type { Change } from '../projection/types.ts';

/** What stands of one run's log past what a reader has taken. Holds no more than that. */
export interface RunTape {
  /** How much the reader has taken, in UTF-16 code units. */
  readonly taken: number;
  note(change: Change): void;
  /** What is new. `rewind`: of what was taken, all past that length no longer stands; it comes before the text. */
  take(): { readonly rewind?: number; readonly text: string };
}

export function createRunTape(run: RunId, standing: string): RunTape {
  let taken = 0;
  let waiting = standing;
  let rewind: number | undefined;
  return {
    get taken() {
      return taken;
    },
    note({ retracted, appended }) {
      for (const { run: id, length } of retracted) {
        if (id !== run) continue;
        waiting = waiting.slice(0, Math.max(0, length - taken));
        if (length >= taken) continue;
        rewind = Math.min(rewind ?? length, length);
        taken = length;
      }
      for (const { run: id, offset, text } of appended)
        if (id === run) waiting += text.slice(Math.max(0, taken + waiting.length - offset));
    },
    take() {
      const text = waiting;
      taken += text.length;
      waiting = '';
      const back = rewind;
      rewind = undefined;
      return back === undefined ? { text } : { rewind: back, text };
    },
  };
}
