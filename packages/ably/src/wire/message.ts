import type { Claims, Draft, Headers, JsonValue, Message, Serial, Signal, Version } from '@holdfast/channel';
import type { InboundMessage, Message as AblyMessage } from 'ably';
import { printOf } from './print.ts';
import { isRecord, type UnknownRecord } from './record.ts';
import { decodeText, encodeText } from './text.ts';

/** A message with what tells whether a create repeats it. */
export interface Stored {
  readonly message: Message;
  /** Of the draft that created it; absent for what another kind of client has published. */
  readonly print: string | undefined;
}

/** What a draft is at Ably: text as it is, other values as JSON, id and headers in the extras. */
export function encodeDraft(draft: Draft): { name: string; data: string; extras: { holdfast: object } } {
  return encodeState(draft, printOf(draft));
}

/** A whole message as an update says it. */
export function encodeState(
  { id, name, data, headers = {} }: Draft,
  print: string | undefined,
): { name: string; data: string; extras: { holdfast: object } } {
  const isText = typeof data === 'string';
  const pairs = Object.entries(headers).map(([key, value]) => [encodeText(key), encodeText(value)]);
  return {
    name: encodeText(name),
    data: isText ? encodeText(data) : JSON.stringify(data),
    extras: {
      holdfast: {
        id: encodeText(id),
        headers: pairs,
        ...(print !== undefined && { print }),
        ...(!isText && { json: true }),
      },
    },
  };
}

/** The id by which Ably knows a repeated publish. */
export function encodeId(id: string): string {
  return `${encodeURIComponent(encodeText(id))}:0`;
}

/** @throws TypeError for what can't be in a channel's log */
export function decodeMessage(wire: AblyMessage | InboundMessage): Stored {
  const { serial, version } = wire;
  if (serial === undefined) throw new TypeError('A message of Ably has no serial.');
  const { holdfast, ...described } = describe(wire);
  const deleted = wire.action === 'message.delete';
  return {
    print: typeof holdfast?.['print'] === 'string' ? holdfast['print'] : undefined,
    message: {
      ...described,
      ...(deleted && { data: '', headers: {}, deleted: true as const }),
      serial: serial as Serial,
      version: (version?.serial ?? serial) as Version,
    },
  };
}

export function decodeSignal(wire: AblyMessage): Signal {
  const { holdfast: _, ...signal } = describe(wire);
  return signal;
}

export function isSignal({ extras, serial }: AblyMessage): boolean {
  return serial === undefined || (isRecord(extras) && extras['ephemeral'] === true);
}

function describe(
  wire: AblyMessage | InboundMessage,
): Signal & { readonly holdfast: UnknownRecord | undefined } {
  const extras: unknown = wire.extras;
  const holdfast = isRecord(extras) && isRecord(extras['holdfast']) ? extras['holdfast'] : undefined;
  const id = holdfast?.['id'];
  const claims = readClaims(isRecord(extras) ? extras['userClaim'] : undefined);
  return {
    holdfast,
    id: typeof id === 'string' ? decodeText(id) : (wire.id ?? ''),
    name: decodeText(wire.name ?? ''),
    data: readData(wire.data, holdfast?.['json'] === true),
    headers: readHeaders(holdfast?.['headers']),
    timestamp: wire.timestamp ?? 0,
    ...(wire.clientId != null && { clientId: wire.clientId }),
    ...(claims !== undefined && { claims }),
  };
}

function readData(data: unknown, isJson: boolean): JsonValue {
  if (typeof data === 'string') return isJson ? parseOr(data) : decodeText(data);
  // What other clients publish may be JSON by Ably's own encoding, or bytes, which no draft of ours can be.
  if (data === undefined || data instanceof ArrayBuffer || ArrayBuffer.isView(data)) return null;
  return data as JsonValue;
}

/** What claims to be JSON and isn't stays text: one bad message must not make a channel unreadable. */
function parseOr(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}

function readHeaders(pairs: unknown): Headers {
  if (!Array.isArray(pairs)) return {};
  return Object.fromEntries(
    pairs.flatMap((pair: unknown) => {
      const [key, value]: readonly unknown[] = Array.isArray(pair) ? pair : [];
      return typeof key === 'string' && typeof value === 'string'
        ? [[decodeText(key), decodeText(value)]]
        : [];
    }),
  );
}

/** What the publisher's token says of its user: a JSON object, or any text. */
export function readClaims(userClaim: unknown): Claims | undefined {
  if (typeof userClaim !== 'string') return undefined;
  try {
    const claims: unknown = JSON.parse(userClaim);
    if (isRecord(claims)) return claims as Claims;
  } catch {
    // Text, then.
  }
  return { userClaim };
}
