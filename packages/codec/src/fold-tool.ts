import { asNumber, asText, compact, mergeX } from './fields.ts';
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

type Own = { readonly [Key in keyof ToolPart]?: ToolPart[Key] | undefined };

/** A call as it stands now: what stays of it through whatever becomes of it, and what it has of its `own` now. */
function toCall(
  part: ToolPart | undefined,
  callId: string,
  fields: JsonObject,
  own: Own & Pick<ToolPart, 'state'>,
): ToolPart {
  const { n, name = '', by, device, decisions, approval, pm, resultPm, x } = part ?? {};
  return compact<ToolPart>({
    type: 'tool',
    n,
    callId,
    name: asText(fields['name']) ?? name,
    by: fields['by'] ?? by,
    // Which sort it is, its beginning says.
    dynamic: (part ?? fields)['dynamic'] === true || undefined,
    device,
    decisions,
    approval,
    pm,
    resultPm,
    x: mergeX(x, fields['x']),
    ...own,
  });
}

/** Metadata of the call itself. */
function pmOf(part: ToolPart | undefined, { pm = part?.pm }: JsonObject) {
  return { pm };
}

function resultPmOf(part: ToolPart | undefined, { pm = part?.resultPm }: JsonObject) {
  return { resultPm: pm };
}

export function openCall(
  part: ToolPart | undefined,
  callId: string,
  fields: JsonObject,
  n: number,
): ToolPart {
  return toCall(part, callId, fields, { n, ...pmOf(part, fields), state: 'input', as: asText(fields['as']) });
}

/** A `call` or a `miscall`. */
export function completeCall(
  part: ToolPart | undefined,
  callId: string,
  fields: JsonObject,
  isCall: boolean,
): ToolPart {
  const input = 'input' in fields ? fields['input'] : parseInput(part?.inputText, part?.as);
  return toCall(part, callId, fields, {
    ...(isCall
      ? { ...pmOf(part, fields), state: 'proposed' }
      : { ...resultPmOf(part, fields), state: 'error', invalid: true, error: asText(fields['error']) }),
    input,
  });
}

/** A result without output, error or denial makes final what stands. */
export function settleCall(part: ToolPart, fields: JsonObject): ToolPart {
  if (fields['denied'] === true) return { ...part, state: 'denied', settled: true };
  const { inputText, as, input } = part;
  const { error, output = part.output } = fields;
  const isPreliminary = fields['preliminary'] === true;
  return toCall(part, part.callId, fields, {
    ...resultPmOf(part, fields),
    inputText,
    as,
    input,
    ...('error' in fields
      ? { state: 'error', error: asText(error) }
      : { state: isPreliminary ? 'running' : 'result', output, preliminary: isPreliminary || undefined }),
  });
}

/** What is asked again while it is open adds to what was asked. */
export function askApproval(part: ToolPart, id: string, fields: JsonObject): ToolPart {
  const { reason, signature, digest, until, need, who, editable, auto, schema, x } = fields;
  const { state, approval } = part;
  const asked = state === 'asked' && approval?.id === id ? approval : undefined;
  return {
    ...part,
    state: 'asked',
    approval: {
      ...asked,
      ...compact<NonNullable<ToolPart['approval']>>({
        id,
        requestReason: asText(reason),
        signature: asText(signature),
        digest: asText(digest),
        until: asNumber(until),
        need: asNumber(need),
        who,
        editable: editable === true || undefined,
        auto: auto === true || undefined,
        schema,
        x: mergeX(asked?.x, x),
      }),
    },
  };
}

export function answerApproval(part: ToolPart, id: string, fields: JsonObject): ToolPart {
  const { approval, settled: _settled, ...call } = part;
  const ok = fields['ok'] === true;
  const isEdited = 'input' in fields;
  return compact<ToolPart>({
    ...call,
    // What was streamed is not what the tool is run with.
    ...(isEdited && { input: fields['input'], inputText: undefined, as: undefined }),
    state: ok ? 'approved' : 'denied',
    by: fields['by'] ?? part.by,
    ...pmOf(part, fields),
    approval: compact<NonNullable<ToolPart['approval']>>({
      ...approval,
      id,
      ok,
      reason: asText(fields['reason']) ?? approval?.reason,
      record: asText(fields['record']) ?? approval?.record,
      proposed: isEdited ? part.input : undefined,
    }),
  });
}
