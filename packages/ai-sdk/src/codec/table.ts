import { toNames, type Names } from './fields.ts';
import { WHOLE } from './ui-part.ts';

/** One chunk type and the control that it is written as. */
export interface Row {
  readonly type: string;
  readonly verb: string;
  /** The control's subject; with an `@`, the chunk's field that has it. */
  readonly subject: string;
  readonly names: Names;
}

const PM = 'providerMetadata:pm';
const CALL = `toolName:name providerExecuted:by dynamic title:x:title toolMetadata:x:toolMetadata ${PM}`;

/** Chunk type, verb, subject, and the chunk's fields with their names in the control where those differ. */
const CONTROLS: readonly Row[] = [
  'start message @messageId messageMetadata:meta',
  'start-step step start',
  'finish-step step finish',
  'reset-step step reset',
  'message-metadata meta @messageMetadata',
  'finish finish @finishReason messageMetadata:meta',
  'abort abort @reason',
  'error error @errorText',
  `text-start open text id ${PM}`,
  `text-end close text citations ${PM}`,
  `reasoning-start open reasoning id ${PM}`,
  `reasoning-end close reasoning ${PM}`,
  `tool-input-start open input toolCallId:id inputEncoding:as ${CALL}`,
  `tool-input-available call @toolCallId input ${CALL}`,
  `tool-input-error miscall @toolCallId input errorText:error ${CALL}`,
  'tool-approval-request ask @approvalId toolCallId:tool reason signature isAutomatic:auto inputSchemaInput:schema approvalDescriptor:x:descriptor',
  `tool-approval-response answer @approvalId approved:ok reason providerExecuted:by ${PM}`,
  `tool-output-available result @toolCallId output preliminary ${CALL}`,
  `tool-output-error result @toolCallId errorText:error ${CALL}`,
  `tool-output-denied result @toolCallId ${CALL}`,
].map((row) => {
  const [type = '', verb = '', subject = '', ...names] = row.split(' ');
  return { type, verb, subject, names: toNames(names) };
});

const ROWS: readonly Row[] = [
  ...CONTROLS,
  ...WHOLE.map(({ type, kind, names }) => ({ type, verb: 'put', subject: kind, names })),
];

/** The row of a chunk type; undefined for an unknown one, for deltas and for `data-*`. */
export function rowOf(type: unknown): Row | undefined {
  return ROWS.find((row) => row.type === type);
}

/** The three chunk types that only add text: kind of part, field of its id, field of the text. */
export const DELTAS = {
  'text-delta': { kind: 'text', id: 'id', delta: 'delta' },
  'reasoning-delta': { kind: 'reasoning', id: 'id', delta: 'delta' },
  'tool-input-delta': { kind: 'input', id: 'toolCallId', delta: 'inputTextDelta' },
} as const;

export type DeltaRow = (typeof DELTAS)[keyof typeof DELTAS];

export function deltaOf(type: unknown): DeltaRow | undefined {
  return typeof type === 'string' && Object.hasOwn(DELTAS, type)
    ? DELTAS[type as keyof typeof DELTAS]
    : undefined;
}
