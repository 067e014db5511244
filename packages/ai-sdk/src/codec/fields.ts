import { isObject, type JsonObject, type JsonValue } from '@holdfast/codec';

/** Names this framework in `raw` controls and in `x` fields. */
export const FRAMEWORK = 'ai-sdk';

/** Under this name in `x` travels what a chunk has and its part does not show. */
export const UNSHOWN = 'ai-sdk/chunk';

/** Names this framework in `raw` controls for known chunks which had no place where they came: nothing shows them. */
export const UNPLACED = 'ai-sdk/unplaced';

/** A chunk as JSON keeps it. */
export type PlainChunk = { readonly type: string } & JsonObject;

/** How fields of the AI SDK are called in a frame log; `x:` are fields of its own, which its parts show. */
export type Names = Readonly<Record<string, string>>;

const OWN = 'x:';

/** `chunkField:logField` each, or one word where both are called the same. */
export function toNames(fields: string | readonly string[]): Names {
  const words = typeof fields === 'string' ? fields.split(' ') : fields;
  return Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf(':');
      return at < 0 ? [word, word] : [word.slice(0, at), word.slice(at + 1)];
    }),
  );
}

/** Fields under their names in a log. Those without a name go to `x` under `rest`, those in `leave` nowhere. */
export function toFields(
  source: object,
  names: Names,
  rest: string,
  leave: readonly string[] = [],
): JsonObject {
  // fromEntries defines properties, so that a field named __proto__ stays a field.
  const fields: [string, JsonValue][] = [];
  const x: Record<string, [string, JsonValue][]> = {};
  for (const [key, value] of Object.entries(source) as [string, JsonValue | undefined][]) {
    if (value === undefined || leave.includes(key)) continue;
    const name = Object.hasOwn(names, key) ? names[key] : undefined;
    if (name?.startsWith(OWN)) (x[FRAMEWORK] ??= []).push([name.slice(OWN.length), value]);
    else if (name !== undefined) fields.push([name, value]);
    else (x[rest] ??= []).push([key, value]);
  }
  const all = Object.entries(x).map(([framework, own]) => [framework, Object.fromEntries(own)]);
  if (all.length > 0) fields.push(['x', Object.fromEntries(all) as JsonObject]);
  return Object.fromEntries(fields);
}

/** Fields under their names in the AI SDK, with those that `x` has under `rest`. */
export function fromFields(fields: JsonObject, names: Names, rest: string): Record<string, JsonValue> {
  const found: Record<string, JsonValue> = {};
  const x = isObject(fields['x']) ? fields['x'] : {};
  for (const [key, name] of Object.entries(names)) {
    const isOwn = name.startsWith(OWN);
    const value = isOwn ? own(own(x, FRAMEWORK), name.slice(OWN.length)) : own(fields, name);
    if (value === undefined) continue;
    // Whoever else executed the call, for the AI SDK it was a provider.
    found[key] = key === 'providerExecuted' && typeof value !== 'boolean' ? true : value;
  }
  const more = own(x, rest);
  return isObject(more) ? { ...found, ...more } : found;
}

function own(fields: JsonValue | undefined, key: string): JsonValue | undefined {
  return isObject(fields) && Object.hasOwn(fields, key) ? fields[key] : undefined;
}

/** Those of the fields that have one of the names. */
export function pick(fields: JsonObject, ...names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([key]) => names.includes(key)));
}

/** Fields without those that `known` has already, equal as JSON. */
export function withoutKnown(fields: JsonObject, known: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).filter(
      ([key, value]) => !Object.hasOwn(known, key) || JSON.stringify(value) !== JSON.stringify(known[key]),
    ),
  );
}
