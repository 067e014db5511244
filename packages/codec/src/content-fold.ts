import { foldControl } from './fold-control.ts';
import { addText, createFoldState, takeUp } from './fold-state.ts';
import { createLogReader } from './log-reader.ts';
import type { Content } from './part.ts';

export interface ContentFold {
  /** Takes the next piece of the log, cut anywhere; text costs no more than that piece. Never throws. */
  push(data: string): void;
  /**
   * What was pushed, folded; built when it is read. Where nothing changed it is the same object as before, and of its
   * parts only those that changed are new ones.
   */
  readonly content: Content;
}

/**
 * Folds a frame log into neutral parts as it grows; the result doesn't depend on how the log was cut. Run state (`state`,
 * `patch`) and controls that this version doesn't know make no parts.
 */
export function createContentFold(): ContentFold {
  const state = createFoldState();
  const reader = createLogReader({
    text: (n, text) => addText(state, n, text),
    control: (control, n) => foldControl(state, control, n),
  });
  let { head } = state;
  let content: Content = { parts: [] };
  return {
    push: (data) => reader.push(data),
    get content() {
      takeUp(state);
      if (state.isChanged || head !== state.head) {
        head = state.head;
        content = { ...head, parts: state.isChanged ? [...state.parts] : content.parts };
        state.isChanged = false;
      }
      return content;
    },
  };
}
