import {
  applyGrowth,
  toPath,
  type Control,
  type JsonObject,
  type JsonValue,
  type Path,
} from '@holdfast/codec';

/** A value that can grow: the output of a call, or the data of a part with an id. */
export interface Slot {
  /** As `open value` names it: the call's id, or name and id of the data. */
  readonly of: string | readonly [name: string, id: string];
  /** The step in which it came to be. */
  readonly step: number;
  value: JsonValue | undefined;
}

export interface Call extends Slot {
  readonly of: string;
  settled: boolean;
  approval: string | undefined;
}

/** An open part: text, reasoning, the input of a call, or a value that grows (which has a slot). */
export interface OpenPart {
  readonly n: number;
  readonly kind: string;
  /** What the framework calls it: unique only while it is open. */
  readonly id: string;
  readonly step: number;
  readonly fields: JsonObject;
  readonly at: Path;
  readonly slot: Slot | undefined;
  /** Of an input, once it has some. */
  text: string | undefined;
}

/**
 * What writer and reader of a log both have to know: what is open, which calls there are, and which values stand. It
 * follows from the log alone, so that another encoder can go on with it.
 */
export interface LogState {
  /** There is something that a name would come too late for. */
  isBegun: boolean;
  step: number;
  /** The step has not been finished. */
  isStepOpen: boolean;
  readonly open: Map<unknown, OpenPart>;
  calls: Call[];
  data: Slot[];
}

export function createLogState(): LogState {
  return { isBegun: false, step: 0, isStepOpen: false, open: new Map(), calls: [], data: [] };
}

/** The call with an id that a control is about: of the current step, else the latest. */
export function findCall({ calls, step }: LogState, id: unknown): Call | undefined {
  return (
    calls.find((call) => call.of === id && call.step === step) ?? calls.findLast((call) => call.of === id)
  );
}

export function findAsked({ calls }: LogState, approval: unknown): Call | undefined {
  return calls.find((call) => call.approval === approval);
}

export function findData({ data }: LogState, name: unknown, id: unknown): Slot | undefined {
  return data.find(({ of }) => of[0] === name && of[1] === id);
}

/** What a part without an id is called: not what frameworks call theirs. */
export function unnamedId(n: number): string {
  return `part-${n}`;
}

/** What a growing value is called: whose it is, and where in it. */
export function valueId(of: unknown, at: unknown): string {
  return JSON.stringify([of, at]);
}

/** Takes text of part `n`. */
export function trackText(state: LogState, n: number, text: string): void {
  const part = state.open.get(n);
  if (part?.slot !== undefined) part.slot.value = applyGrowth(part.slot.value, part.at, text);
  else if (part?.kind === 'input') part.text = (part.text ?? '') + text;
}

/** Controls that make parts, or name them. */
const BEGINNING = ['message', 'step', 'open', 'call', 'miscall', 'put'];

/** Takes a control; `n` is the number of the part that it opens. */
export function trackControl(state: LogState, [verb, subject, fields = {}]: Control, n: number): void {
  if (BEGINNING.includes(verb)) state.isBegun = true;
  switch (verb) {
    case 'step':
      if (subject === 'start') state.step += 1;
      else if (subject === 'reset') resetStep(state);
      state.isStepOpen = subject !== 'finish';
      return;
    case 'finish':
      state.isStepOpen = false;
      return;
    case 'open':
      return open(state, subject, fields, n);
    case 'close':
      state.open.delete(subject);
      return;
    case 'call':
    case 'miscall':
      state.open.delete(fields['n']);
      return addCall(state, subject, verb === 'miscall');
    case 'ask': {
      const call = findCall(state, fields['tool']);
      if (call !== undefined && typeof subject === 'string') call.approval = subject;
      return;
    }
    case 'result': {
      const call = findCall(state, subject);
      if (call === undefined) return;
      call.settled = fields['preliminary'] !== true;
      if ('error' in fields) call.value = undefined;
      else if ('output' in fields) call.value = fields['output'];
      return;
    }
    case 'put':
      if (subject === 'data') putData(state, fields);
  }
}

function open(state: LogState, kind: unknown, fields: JsonObject, n: number): void {
  const { of } = fields;
  const isValue = kind === 'value';
  const id = isValue ? valueId(of, fields['at']) : (fields['id'] ?? unnamedId(n));
  const slot = !isValue ? undefined : Array.isArray(of) ? findData(state, of[0], of[1]) : findCall(state, of);
  const at = toPath(fields['at'] ?? []);
  const isKnown = kind === 'text' || kind === 'reasoning' || (kind === 'input' && 'id' in fields);
  if (typeof id !== 'string' || at === undefined || !(isKnown || slot)) return;
  state.open.set(n, { n, kind: String(kind), id, step: state.step, fields, at, slot, text: undefined });
  if (kind === 'input') addCall(state, id, false);
}

/** Within a step a call with the same id is the same call, begun anew. */
function addCall(state: LogState, of: unknown, settled: boolean): void {
  if (typeof of !== 'string') return;
  const { step } = state;
  const call = { of, step, settled, value: undefined, approval: undefined };
  const same = state.calls.find((each) => each.of === of && each.step === step);
  if (same === undefined) state.calls.push(call);
  else Object.assign(same, call, { approval: same.approval });
}

function putData(state: LogState, { name, id, data: value }: JsonObject): void {
  if (typeof name !== 'string' || typeof id !== 'string') return;
  const slot = findData(state, name, id);
  if (slot === undefined) state.data.push({ of: [name, id], step: state.step, value });
  else slot.value = value;
}

/** All that began in the step is gone, and nothing that was open goes on. */
function resetStep(state: LogState): void {
  const isEarlier = ({ step }: Slot): boolean => step < state.step;
  state.open.clear();
  state.calls = state.calls.filter(isEarlier);
  state.data = state.data.filter(isEarlier);
}
