import type { Control } from './control.ts';
import { asNumber, asText, compact, mergeX } from './fields.ts';
import { findCall, findCallInStep, findData, put, takeUp, toolAt, type FoldState } from './fold-state.ts';
import { closeAll, describePart, openPart, resetStep, threadPart } from './fold-stream.ts';
import { answerApproval, askApproval, completeCall, settleCall } from './fold-tool.ts';
import type { JsonObject, JsonValue } from './json.ts';
import { mergeMetadata } from './merge.ts';
import type { ContentMessage, Decision, Part, ToolPart } from './part.ts';
import { toWholePart } from './whole-part.ts';

/** Folds one control into the state; `n` is the number of the part that it opens. Unknown ones change nothing. */
export function foldControl(state: FoldState, [verb, subject, fields = {}]: Control, n: number): void {
  takeUp(state);
  const id = asText(subject);
  switch (verb) {
    case 'message':
      return message(state, id, fields);
    case 'meta':
      return addMetadata(state, subject as JsonValue);
    case 'finish': {
      const { meta, ...finish } = fields;
      addMetadata(state, meta);
      state.head = { ...state.head, finish: { reason: subject as JsonValue, ...finish } };
      return;
    }
    case 'step':
      if (id === 'start') put(state, told(verb, fields));
      else if (id === 'reset') resetStep(state);
      return;
    case 'open':
      return openPart(state, subject, fields, n);
    case 'on':
    case 'close':
      return describePart(state, subject, fields, verb === 'close');
    case 'thread':
      return threadPart(state, subject, fields);
    case 'error':
      put(state, told(verb, fields, { text: id ?? '' }));
      return;
    case 'raw':
      put(state, told(verb, fields, { chunk: subject }));
      return;
    case 'end':
      if (id !== 'complete' && id !== 'suspended') closeAll(state);
      return;
    default:
      if (id !== undefined) foldFact(state, verb, id, fields);
  }
}

/** A part of which all is told at once, and which shows little or nothing. */
function told(type: string, { code, of, x }: JsonObject, own?: object): Part {
  return compact({ type, ...own, code: asText(code), of: asText(of), x: mergeX(undefined, x) }) as Part;
}

/** The first `message` that says so names the message and its role; metadata of all of them is merged. */
function message(state: FoldState, id: string | undefined, { role, meta }: JsonObject): void {
  const named = isRole(role) ? { role } : {};
  state.head = { ...(id !== undefined && { id }), ...named, ...state.head };
  addMetadata(state, meta);
}

function isRole(role: unknown): role is ContentMessage['role'] {
  return role === 'user' || role === 'assistant' || role === 'system';
}

function addMetadata(state: FoldState, more: JsonValue | undefined): void {
  const { head } = state;
  const metadata = mergeMetadata(head.metadata, more);
  if (metadata !== undefined && metadata !== head.metadata) state.head = { ...head, metadata };
}

/** A whole part, or what became of a call. */
function foldFact(state: FoldState, verb: string, id: string, fields: JsonObject): void {
  const { n, dynamic, tool } = fields;
  const change = (index: number, to: (part: ToolPart) => ToolPart): void => {
    const part = toolAt(state, index);
    if (part) put(state, to(part), index);
  };
  switch (verb) {
    case 'put': {
      const part = toWholePart(id, fields);
      const index = part?.type === 'data' ? findData(state, part.name, part.id) : -1;
      // What came beside the data the first time stays.
      if (part)
        put(
          state,
          index < 0 ? part : ({ ...state.parts[index], data: fields['data'] ?? null } as Part),
          index,
        );
      return;
    }
    case 'call':
    case 'miscall': {
      const isCall = verb === 'call';
      const index =
        state.streams.get(n)?.index ?? findCallInStep(state, id, isCall ? dynamic === true : undefined);
      state.streams.delete(n);
      const part = toolAt(state, index);
      put(state, completeCall(part, id, fields, isCall), part ? index : -1);
      return;
    }
    case 'result':
      return change(findCall(state, id), (part) => settleCall(part, fields));
    case 'ask':
      return change(findCall(state, tool), (part) => askApproval(part, id, fields));
    case 'answer': {
      const asked = state.parts.findIndex((part) => part.type === 'tool' && part.approval?.id === id);
      return change(asked, (part) => answerApproval(part, id, fields));
    }
    case 'verdict':
      return change(findCall(state, id), (part) => ({
        ...part,
        // Only agents write logs, and this is how they put it.
        decisions: [...(part.decisions ?? []), fields as object as Decision],
      }));
    case 'assign': {
      const device = asText(fields['device']);
      const until = asNumber(fields['until']);
      if (device !== undefined)
        change(findCall(state, id), (part) => compact<ToolPart>({ ...part, device, until }));
    }
  }
}
