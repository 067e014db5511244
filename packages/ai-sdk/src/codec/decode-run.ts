import { createLogReader, type Control } from '@holdfast/codec';
import { addText, decodeControl } from './decode-control.ts';
import { createLogState, findAsked, findCall, findData, trackText, type LogState } from './log-state.ts';
import { createPushChunks, type AnyChunk } from './push-chunks.ts';

/** One reading of a log from its start. */
export interface DecodeRun {
  readonly state: LogState;
  readonly length: number;
  /** Where the current step begins, in UTF-16 code units. */
  readonly stepAt: number;
  /** The shortest length that resetting the current step and writing it again leads back to. */
  readonly floor: number;
  /** Calls that were settled once and wait to be settled again. */
  readonly held: ReadonlySet<string>;
  push(data: string): AnyChunk[];
  /** What was read in an earlier reading ends here. */
  goLive(): void;
}

/** `wasSettled` are calls that were settled in an earlier reading. */
export function createDecodeRun(wasSettled: Pick<ReadonlySet<string>, 'has'>): DecodeRun {
  const state = createLogState();
  const chunks = createPushChunks(wasSettled);
  let stepAt = 0;
  let floor = 0;
  const reader = createLogReader({
    text(n, text, at) {
      const part = state.open.get(n);
      if (part === undefined) return;
      trackText(state, n, text);
      if (isEarlier(state, part.slot ?? part))
        floor = part.slot ? Math.max(floor, at + text.length) : Infinity;
      addText(state, chunks, part, text);
    },
    control(control, n, at) {
      if (isOfEarlierPart(state, control)) floor = Infinity;
      else if (isLasting(state, control)) floor = Math.max(floor, at);
      if (control[0] === 'step' && control[1] === 'start') floor = stepAt = at;
      decodeControl(state, control, n, chunks);
    },
  });
  return {
    state,
    get length() {
      return reader.length;
    },
    get stepAt() {
      return stepAt;
    },
    get floor() {
      return floor;
    },
    held: chunks.held,
    push(data) {
      reader.push(data);
      return chunks.take();
    },
    goLive: () => chunks.goLive(),
  };
}

/** A part that stays open across steps can't be written again: the reset closes it. */
function isOfEarlierPart(state: LogState, [verb, subject]: Control): boolean {
  return (verb === 'on' || verb === 'close') && isEarlier(state, state.open.get(subject));
}

/** Whether a control changes what the current step didn't bring, or what no reset undoes. */
function isLasting(state: LogState, [verb, subject, fields = {}]: Control): boolean {
  switch (verb) {
    case 'message':
    case 'meta':
    case 'error':
    case 'raw':
      return true;
    case 'finish':
      return 'meta' in fields;
    case 'ask':
      return isEarlier(state, findCall(state, fields['tool']));
    case 'answer':
      return isEarlier(state, findAsked(state, subject));
    case 'result':
      return isEarlier(state, findCall(state, subject));
    case 'put':
      return subject === 'data' && isEarlier(state, findData(state, fields['name'], fields['id']));
    default:
      return false;
  }
}

function isEarlier(state: LogState, of: { readonly step: number } | undefined): boolean {
  return of !== undefined && of.step < state.step;
}
