import type { Control } from './control.ts';
import { asText, compact } from './fields.ts';
import {
  addMetadata,
  addPart,
  findAsked,
  findCall,
  findCallInStep,
  findData,
  putTool,
  setPart,
  setTool,
  takeUp,
  type FoldState,
} from './fold-state.ts';
import { closeAll, closePart, describePart, openPart, resetStep } from './fold-stream.ts';
import { answerApproval, askApproval, completeCall, miscall, settleCall } from './fold-tool.ts';
import type { JsonObject, JsonValue } from './json.ts';
import type { ContentMessage, Part } from './part.ts';
import { toWholePart } from './whole-part.ts';

/** Folds one control into the state; `n` is the number of the part that it opens. Unknown ones change nothing. */
export function foldControl(state: FoldState, [verb, subject, fields = {}]: Control, n: number): void {
  takeUp(state);
  switch (verb) {
    case 'message':
      return message(state, asText(subject), fields);
    case 'meta':
      return addMetadata(state, subject as JsonValue);
    case 'finish': {
      const { meta, ...finish } = fields;
      addMetadata(state, meta);
      state.head = { ...state.head, finish: { reason: subject as JsonValue, ...finish } };
      return;
    }
    case 'step':
      if (subject === 'start') addPart(state, { type: 'step' });
      else if (subject === 'reset') resetStep(state);
      return;
    case 'open':
      return openPart(state, subject, fields, n);
    case 'on':
      return describePart(state, subject, fields);
    case 'close':
      return closePart(state, subject, fields);
    case 'put':
      return put(state, toWholePart(subject, fields));
    case 'error':
      addPart(state, { type: 'error', text: asText(subject) ?? '' });
      return;
    case 'raw':
      addPart(state, compact<Part>({ type: 'raw', of: asText(fields['of']), chunk: subject as JsonValue }));
      return;
    case 'end':
      if (subject !== 'complete' && subject !== 'suspended') closeAll(state);
      return;
    default:
      if (typeof subject === 'string') foldTool(state, verb, subject, fields);
  }
}

/** The first `message` that says so names the message and its role; metadata of all of them is merged. */
function message(state: FoldState, id: string | undefined, { role, meta }: JsonObject): void {
  const { head } = state;
  if (head.id === undefined && id !== undefined) state.head = { ...head, id };
  if (head.role === undefined && isRole(role)) state.head = { ...state.head, role };
  addMetadata(state, meta);
}

function isRole(role: unknown): role is ContentMessage['role'] {
  return role === 'user' || role === 'assistant' || role === 'system';
}

function put(state: FoldState, part: Part | undefined): void {
  if (!part) return;
  const index = part.type === 'data' ? findData(state, part.name, part.id) : -1;
  if (index < 0) addPart(state, part);
  else if (part.type === 'data') setPart(state, index, (before) => ({ ...before, data: part.data }) as Part);
}

function foldTool(state: FoldState, verb: string, id: string, fields: JsonObject): void {
  const { n, dynamic, tool } = fields;
  switch (verb) {
    case 'call':
    case 'miscall': {
      const isCall = verb === 'call';
      const index =
        state.streams.get(n)?.index ?? findCallInStep(state, id, isCall ? dynamic === true : undefined);
      state.streams.delete(n);
      putTool(state, index, (part) => (isCall ? completeCall : miscall)(part, id, fields));
      return;
    }
    case 'result':
      return setTool(state, findCall(state, id), (part) => settleCall(part, fields));
    case 'ask':
      return setTool(state, findCall(state, tool), (part) => askApproval(part, id, fields));
    case 'answer':
      return setTool(state, findAsked(state, id), (part) => answerApproval(part, id, fields));
    case 'assign': {
      const device = asText(fields['device']);
      if (device !== undefined) setTool(state, findCall(state, id), (part) => ({ ...part, device }));
    }
  }
}
