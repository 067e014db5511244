import { isObject, type Encoder, type JsonObject, type JsonValue, toPlain } from '@holdfast/codec';
import type { UIMessageChunk } from 'ai';
import { FRAMEWORK, toFields, UNSHOWN, type PlainChunk } from './fields.ts';
import { findCall } from './log-state.ts';
import { deltaOf, rowOf, type Row } from './table.ts';
import { createTrackedLog, type TrackedLog } from './tracked-log.ts';
import { writeClose, writeDelta, writeRaw } from './write-text.ts';
import { writeCall, writeData, writeResult } from './write-tool.ts';

const DATA = 'data-';

/** Writes UI message chunks into a frame log; `standing` is what stands of it already. */
export function createEncoder(standing = ''): Encoder<UIMessageChunk> {
  const log = createTrackedLog(standing);
  let signals: UIMessageChunk[] = [];

  return {
    write(chunk) {
      const delta = deltaOf(chunk?.type);
      if (delta !== undefined) return writeDelta(log, delta, chunk as unknown as Record<string, unknown>);
      if (isTransient(chunk)) {
        signals.push(chunk);
        return;
      }
      const plain = toPlain(chunk);
      if (!isChunk(plain)) return writeRaw(log, plain);
      if (isPlainFinishStep(plain)) return;
      const row = rowOf(plain.type);
      if (row !== undefined) writeRow(log, row, plain);
      else if (plain.type.startsWith(DATA)) writeDataChunk(log, plain);
      else writeRaw(log, plain, FRAMEWORK);
    },
    settle(reason) {
      const { state } = log;
      for (const { n, kind } of state.open.values()) {
        if (kind !== 'value') log.control('close', n, {});
      }
      for (const call of state.calls) {
        if (call.settled || findCall(state, call.of) !== call) continue;
        log.control('result', call.of, { error: reason });
      }
      log.flush();
    },
    take: () => log.take(),
    takeSignals() {
      const taken = signals;
      signals = [];
      return taken;
    },
  };
}

function isChunk(value: JsonValue): value is PlainChunk {
  return isObject(value) && typeof value['type'] === 'string';
}

/** The end of a step goes without saying: the next step or the finish implies it. */
function isPlainFinishStep(chunk: PlainChunk): boolean {
  return chunk.type === 'finish-step' && Object.keys(chunk).length === 1;
}

function isTransient(chunk: UIMessageChunk): boolean {
  return String(chunk?.type).startsWith(DATA) && 'transient' in chunk && chunk.transient === true;
}

function writeDataChunk(log: TrackedLog, { type, data = null, ...rest }: PlainChunk): void {
  const fields = toFields(rest, { id: 'id' }, FRAMEWORK);
  writeData(log, { name: type.slice(DATA.length), ...fields }, data);
}

function writeRow(log: TrackedLog, row: Row, chunk: PlainChunk): void {
  const { type, verb } = row;
  const of = row.subject.startsWith('@') ? row.subject.slice(1) : '';
  const leave = ['type', of];
  // A close is about the part that has the id; the reducer passes over the title of a miscall.
  if (verb === 'close') leave.push('id');
  if (verb === 'miscall') leave.push('title');
  const fields = toFields(chunk, row.names, UNSHOWN, leave);
  const subject = of === '' ? row.subject : (chunk[of] ?? null);
  const isText = typeof subject === 'string';
  if (verb === 'message' && log.isNamed) {
    // What a new stream calls the message doesn't count.
    if (fields['meta'] !== undefined) log.control('meta', fields['meta'], {});
  } else if (subject === 'text' && verb === 'open') {
    const { id, ...rest } = fields;
    log.openText(id, rest);
  } else if (isText && verb === 'open') log.open(subject, fields);
  else if (isText && verb === 'close') writeClose(log, subject, chunk, fields);
  else if (isText && (verb === 'call' || verb === 'miscall')) writeCall(log, verb, subject, fields);
  else if (isText && verb === 'result') writeResult(log, subject, { ...fields, ...FIXED[type] });
  else log.control(verb, subject, { ...fields, ...FIXED[type] });
}

/** What tells types apart that have the verb and the subject in common. */
const FIXED: Readonly<Record<string, JsonObject>> = {
  'tool-output-denied': { denied: true },
  'reasoning-file': { reasoning: true },
};
