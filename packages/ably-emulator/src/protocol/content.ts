import type { Claims, Headers, JsonValue, Message, Signal } from '@holdfast/channel';

/** What Ably keeps of a message beside its data, name, id and author. */
export interface Content {
  readonly connectionId?: string;
  readonly encoding?: string;
  readonly extras?: JsonObject;
  /** Who made the latest version, and why, as that client has put it. */
  readonly operation?: JsonObject;
  readonly deleted?: boolean;
  /** Of the serials that were issued when it was created. */
  readonly series?: string;
}

export type JsonObject = { readonly [key: string]: JsonValue };

/** An engine's messages have flat headers of strings; there the rest of an Ably message is kept. */
export function toHeaders({ connectionId, encoding, extras, operation, deleted, series }: Content): Headers {
  return {
    ...(connectionId !== undefined && { connectionId }),
    ...(encoding !== undefined && { encoding }),
    ...(extras !== undefined && { extras: JSON.stringify(extras) }),
    ...(operation !== undefined && { operation: JSON.stringify(operation) }),
    ...(deleted === true && { deleted: 'true' }),
    ...(series !== undefined && { series }),
  };
}

export function fromHeaders(headers: Headers): Content {
  const { connectionId, encoding, extras, operation, deleted, series } = headers;
  return {
    ...(connectionId !== undefined && { connectionId }),
    ...(encoding !== undefined && { encoding }),
    ...(extras !== undefined && { extras: parseObject(extras) }),
    ...(operation !== undefined && { operation: parseObject(operation) }),
    ...(deleted !== undefined && { deleted: true }),
    ...(series !== undefined && { series }),
  };
}

/** What a token says of its user, as it is stamped on what the user publishes. */
export function toClaims(userClaim: string | undefined): { readonly claims?: Claims } {
  return userClaim === undefined ? {} : { claims: { userClaim } };
}

export function withUserClaim(
  extras: JsonObject | undefined,
  { claims }: Pick<Message | Signal, 'claims'>,
): JsonObject | undefined {
  const userClaim = claims?.['userClaim'];
  return userClaim === undefined ? extras : { ...extras, userClaim };
}

/** The same value, which came off the wire as JSON or its equal in msgpack. */
export function toJson(value: unknown): JsonValue {
  return JSON.parse(JSON.stringify(value ?? null)) as JsonValue;
}

/** What a client may put into extras: anything but what only its token can say. */
export function toExtras(extras: Readonly<Record<string, unknown>>): JsonObject {
  return toJsonObject(Object.fromEntries(Object.entries(extras).filter(([key]) => key !== 'userClaim')));
}

export function toJsonObject(value: Readonly<Record<string, unknown>>): JsonObject {
  return parseObject(JSON.stringify(value));
}

function parseObject(text: string): JsonObject {
  return JSON.parse(text) as JsonObject;
}
