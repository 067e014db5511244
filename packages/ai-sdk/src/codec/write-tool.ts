import { findGrowth, parseInput, type JsonObject, type JsonValue } from '@holdfast/codec';
import { pick, withoutKnown } from './fields.ts';
import { findCall, findData, valueId, type Slot } from './log-state.ts';
import { callKey, slotKey } from './said.ts';
import type { TrackedLog } from './tracked-log.ts';

/** More strings than these growing at once are written as a whole value. */
const MOST_GROWTHS = 8;

/** A call or a miscall. An input that was streamed is not written twice, nor what its opening said. */
export function writeCall(log: TrackedLog, verb: string, id: string, fields: JsonObject): void {
  const part = log.find('input', id);
  const isStreamed =
    part !== undefined &&
    part.step === log.state.step &&
    (verb === 'miscall' || (part.fields['dynamic'] === true) === (fields['dynamic'] === true));
  if (!isStreamed) return log.control(verb, id, fields);
  const { input = null, ...rest } = fields;
  // Metadata of a miscall is the result's, not the call's again.
  const { pm, ...said } = log.said.get(callKey(id)) ?? {};
  const known = verb === 'call' && pm !== undefined ? { ...said, pm } : said;
  const streamed = parseInput(part.text, part.fields['as'] === 'text' ? 'text' : 'json');
  const isKnown = streamed !== undefined && JSON.stringify(streamed) === JSON.stringify(input);
  log.control(verb, id, { n: part.n, ...withoutKnown(rest, known), ...(isKnown ? {} : { input }) });
}

/** A result. Which sort of tool it is the call has said; who executed it, only what is news. */
export function writeResult(log: TrackedLog, id: string, fields: JsonObject): void {
  const call = findCall(log.state, id);
  const known = pick(log.said.get(callKey(id)) ?? {}, 'by', 'x', 'dynamic');
  const { output, ...rest } = withoutKnown(fields, known);
  if (call === undefined || 'error' in fields || fields['denied'] === true) {
    return log.control('result', id, rest);
  }
  const last = log.said.get(slotKey(id)) ?? {};
  // Without an output, the one that stands would stay.
  const value = output === undefined && call.value !== undefined ? null : output;
  if (!writeGrowth(log, call, value)) {
    // This may take the place of a value that still waits, so it says what that one said.
    const whole = value === undefined ? {} : { output: value };
    return log.control('result', id, { ...pick(last, 'pm', 'by', 'x'), ...rest, ...whole }, slotKey(id));
  }
  const isStill = rest['preliminary'] === true && last['preliminary'] === true;
  if (isStill && Object.keys(withoutKnown(rest, last)).length === 0) return;
  log.control('result', id, rest);
}

/** Data with an id takes the place of what it said before, or only grows. */
export function writeData(log: TrackedLog, fields: JsonObject, data: JsonValue): void {
  const { name, id } = fields;
  const key = typeof name === 'string' && typeof id === 'string' ? slotKey([name, id]) : undefined;
  const slot = findData(log.state, name, id);
  if (slot !== undefined && writeGrowth(log, slot, data)) return;
  // What came beside the data the first time stays.
  const first = slot && key !== undefined ? log.said.get(key) : undefined;
  log.control('put', 'data', { ...(first ?? fields), data }, key);
}

/** Writes by what strings a value grew; false where it did not only grow. */
function writeGrowth(log: TrackedLog, { of, value: before }: Slot, value: JsonValue | undefined): boolean {
  if (before === undefined || value === undefined) return false;
  const growths = findGrowth(before, value);
  if (growths === undefined || growths.length > MOST_GROWTHS) return false;
  for (const { at, text } of growths) {
    const part = log.find('value', valueId(of, at));
    log.text(part?.n ?? log.open('value', { of, at }, slotKey(of)), text);
  }
  return true;
}
