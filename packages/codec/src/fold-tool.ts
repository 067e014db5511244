import { asText, compact, mergeX } from './fields.ts';
import type { JsonObject, JsonValue } from './json.ts';
import type { ToolPart } from './part.ts';

/** The input that a streamed text stands for: parsed, or the text itself where it is no JSON or is not meant to be. */
export function parseInput(text: string | undefined, as?: string): JsonValue | undefined {
  if (text === undefined || as === 'text') return text;
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}

/** What stays of a call through whatever becomes of it. */
function lasting(part: ToolPart | undefined, callId: string, fields: JsonObject) {
  return {
    type: 'tool' as const,
    n: part?.n,
    callId,
    name: asText(fields['name']) ?? part?.name ?? '',
    by: fields['by'] ?? part?.by,
    dynamic: (part === undefined ? fields['dynamic'] === true : part.dynamic) || undefined,
    device: part?.device,
    approval: part?.approval,
    pm: part?.pm,
    resultPm: part?.resultPm,
    x: mergeX(part?.x, fields['x']),
  };
}

export function openCall(
  part: ToolPart | undefined,
  callId: string,
  fields: JsonObject,
  n: number,
): ToolPart {
  const call = lasting(part, callId, fields);
  const pm = fields['pm'] ?? call.pm;
  return compact<ToolPart>({ ...call, n, pm, state: 'input', as: asText(fields['as']) });
}

export function completeCall(part: ToolPart | undefined, callId: string, fields: JsonObject): ToolPart {
  const call = lasting(part, callId, fields);
  const pm = fields['pm'] ?? call.pm;
  return compact<ToolPart>({ ...call, pm, state: 'proposed', input: inputOf(part, fields) });
}

export function miscall(part: ToolPart | undefined, callId: string, fields: JsonObject): ToolPart {
  const call = lasting(part, callId, fields);
  const resultPm = fields['pm'] ?? call.resultPm;
  const error = asText(fields['error']);
  return compact<ToolPart>({
    ...call,
    resultPm,
    state: 'error',
    invalid: true,
    input: inputOf(part, fields),
    error,
  });
}

function inputOf(part: ToolPart | undefined, fields: JsonObject): JsonValue | undefined {
  return 'input' in fields ? fields['input'] : parseInput(part?.inputText, part?.as);
}

/** A result without output, error or denial makes final what stands. */
export function settleCall(part: ToolPart, fields: JsonObject): ToolPart {
  if (fields['denied'] === true) return { ...part, state: 'denied', settled: true };
  const call = {
    ...lasting(part, part.callId, fields),
    resultPm: fields['pm'] ?? part.resultPm,
    inputText: part.inputText,
    as: part.as,
    input: part.input,
  };
  if ('error' in fields)
    return compact<ToolPart>({ ...call, state: 'error', error: asText(fields['error']) });
  const output = 'output' in fields ? fields['output'] : part.output;
  return fields['preliminary'] === true
    ? compact<ToolPart>({ ...call, state: 'running', output, preliminary: true })
    : compact<ToolPart>({ ...call, state: 'result', output });
}

export function askApproval(part: ToolPart, id: string, fields: JsonObject): ToolPart {
  const { reason, signature, digest, until, auto, schema, x } = fields;
  const approval = compact<NonNullable<ToolPart['approval']>>({
    id,
    requestReason: asText(reason),
    signature: asText(signature),
    digest: asText(digest),
    until: typeof until === 'number' ? until : undefined,
    auto: auto === true || undefined,
    schema,
    x: mergeX(undefined, x),
  });
  return { ...part, state: 'asked', approval };
}

export function answerApproval(part: ToolPart, id: string, fields: JsonObject): ToolPart {
  const ok = fields['ok'] === true;
  const approval = compact<NonNullable<ToolPart['approval']>>({
    ...part.approval,
    id,
    ok,
    reason: asText(fields['reason']) ?? part.approval?.reason,
    record: asText(fields['record']) ?? part.approval?.record,
  });
  return compact<ToolPart>({
    ...part,
    state: ok ? 'approved' : 'denied',
    settled: undefined,
    by: fields['by'] ?? part.by,
    pm: fields['pm'] ?? part.pm,
    approval,
  });
}
