import type { JsonValue } from '@holdfast/channel';

/** Names how a digest was made. */
const METHOD = 'sha256-';

/** The SHA-256 of a value's canonical JSON, as `sha256-` and base64url: equal values have equal digests. */
export async function digestOf(value: JsonValue): Promise<string> {
  const bytes = new TextEncoder().encode(canonicalJson(value));
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const base64 = btoa(String.fromCharCode(...hash));
  return METHOD + base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/u, '');
}

/** JSON without white space, keys in the order of their UTF-16 code units (RFC 8785). */
export function canonicalJson(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map((item: JsonValue) => canonicalJson(item)).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value as Readonly<Record<string, JsonValue>>)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`);
  return `{${fields.join()}}`;
}
