import * as v from 'valibot';
import { refusal } from './errors.ts';

const Text = v.optional(v.nullable(v.string()));
const Record = v.record(v.string(), v.unknown());

/** A message as a client sends it: a new one, or a change to the one that `serial` names. */
const InboundMessage = v.object({
  id: Text,
  name: Text,
  clientId: Text,
  data: v.optional(v.nullable(v.string())),
  encoding: Text,
  extras: v.optional(v.nullable(Record)),
  action: v.optional(v.number()),
  serial: Text,
  version: v.optional(v.nullable(Record)),
});

const InboundPresence = v.object({
  id: Text,
  action: v.optional(v.number()),
  clientId: Text,
  data: v.optional(v.nullable(v.string())),
  encoding: Text,
  extras: v.optional(v.nullable(Record)),
});

const InboundAnnotation = v.object({
  id: Text,
  action: v.optional(v.number()),
  messageSerial: Text,
  type: v.string(),
  name: Text,
  count: v.optional(v.nullable(v.number())),
  clientId: Text,
  data: v.optional(v.nullable(v.string())),
  encoding: Text,
  extras: v.optional(v.nullable(Record)),
});

/** A protocol message as a client sends it; fields that this server has no use for are dropped. */
const InboundFrame = v.object({
  action: v.number(),
  id: Text,
  channel: Text,
  channelSerial: Text,
  msgSerial: v.optional(v.number()),
  flags: v.optional(v.nullable(v.number())),
  params: v.optional(v.nullable(Record)),
  auth: v.optional(v.nullable(v.object({ accessToken: Text }))),
  messages: v.optional(v.array(InboundMessage)),
  presence: v.optional(v.array(InboundPresence)),
  annotations: v.optional(v.array(InboundAnnotation)),
});

export type InboundFrame = v.InferOutput<typeof InboundFrame>;
export type InboundMessage = v.InferOutput<typeof InboundMessage>;
export type InboundPresence = v.InferOutput<typeof InboundPresence>;
export type InboundAnnotation = v.InferOutput<typeof InboundAnnotation>;

/** A protocol message as this server sends it. */
export interface OutboundFrame {
  readonly action: number;
  readonly [field: string]: unknown;
}

/** @throws AblyError where the value is no protocol message */
export function parseFrame(value: unknown): InboundFrame {
  return parse(InboundFrame, value);
}

/** One message or a list of them, as REST clients post them. */
export function parseMessages(value: unknown): readonly InboundMessage[] {
  return Array.isArray(value) ? parse(v.array(InboundMessage), value) : [parse(InboundMessage, value)];
}

export function parseAnnotations(value: unknown): readonly InboundAnnotation[] {
  return parse(v.array(InboundAnnotation), value);
}

function parse<S extends v.GenericSchema>(schema: S, value: unknown): v.InferOutput<S> {
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw refusal('badRequest', `${v.getDotPath(issue) ?? 'message'}: ${issue.message}`);
}
