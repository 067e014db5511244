import { compact, isObject, type JsonValue, type Part } from '@holdfast/codec';
import { toNames, type Names } from './fields.ts';

/** How fields of UI message parts are called in neutral ones; those of whole parts are called as in their chunks. */
export const PARTS = {
  text: toNames('text state citations providerMetadata:pm'),
  reasoning: toNames('id text state providerMetadata:pm'),
  data: toNames('id data'),
  approval: toNames('id approved:ok reason requestReason isAutomatic:auto signature inputSchemaInput:schema'),
};

export const REASONING_FILE = 'reasoning-file';

const PM = 'providerMetadata:pm';

/** Parts that come whole, with their chunks' type and their kind and fields in a log. */
export const WHOLE = [
  `source-url source sourceId:id url title ${PM}`,
  `source-document document sourceId:id mediaType:mime title filename ${PM}`,
  `file file url mediaType:mime filename ${PM}`,
  `${REASONING_FILE} file url mediaType:mime ${PM}`,
  `custom custom kind ${PM}`,
  'steering-message steering id parts',
].map((row) => {
  const [type = '', kind = '', ...names] = row.split(' ');
  return { type, kind, names: toNames(names) };
});

const TOOL =
  'toolCallId:callId input output errorText:error preliminary providerExecuted:by callProviderMetadata:pm resultProviderMetadata:resultPm';

/** The streamed text of an input shows until the input is complete or a result is there. */
const STREAMED = new Set(['input', 'asked', 'approved', 'denied']);

/** Names of a call's fields that show in a state. */
export function toolNames(state: string, isDynamic: boolean): Names {
  if (STREAMED.has(state)) return toNames(`${TOOL} rawInput:inputText inputEncoding:as`);
  return toNames(state === 'error' && !isDynamic ? `${TOOL} rawInput:inputText` : TOOL);
}

/** The AI SDK's states of a call for the neutral ones; a denial that was carried out is `output-denied`. */
export const STATES = {
  input: 'input-streaming',
  proposed: 'input-available',
  asked: 'approval-requested',
  approved: 'approval-responded',
  denied: 'approval-responded',
  running: 'output-available',
  result: 'output-available',
  error: 'output-error',
} as const;

/** A part of a type that this version doesn't know travels under this name, as it is. */
export const UNKNOWN_PART = 'ai-sdk/part';

/** A part's provider metadata; of reasoning in a thread, beside it which one that is and how long, as `holdfast`. */
export function shownBeside(part: Part | undefined): JsonValue | undefined {
  if (part?.type !== 'reasoning' || part.thread === undefined) return part?.pm;
  const { pm, thread, length } = part;
  return { ...(isObject(pm) && pm), holdfast: compact({ thread, length }) };
}
