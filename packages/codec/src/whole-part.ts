import { asText, compact, mergeX } from './fields.ts';
import type { JsonObject, JsonValue } from './json.ts';
import type { Part } from './part.ts';

/** The texts of each kind of whole part: what it must have (empty where it hasn't), and what it may have. */
const TEXTS: Readonly<Record<string, readonly [must: string, may?: string]>> = {
  source: ['id url', 'title'],
  document: ['id mime', 'title filename'],
  file: ['url mime', 'filename'],
  data: ['name', 'id'],
  custom: ['kind'],
  steering: ['id'],
};

/** The part that a `put` of a kind brings; undefined for a kind of a later version. */
export function toWholePart(kind: string, fields: JsonObject): Part | undefined {
  if (!Object.hasOwn(TEXTS, kind)) return undefined;
  const [must = '', may = ''] = TEXTS[kind] ?? [];
  const { data = null, parts, pm, x } = fields;
  const part: Record<string, JsonValue | undefined> = { type: kind };
  for (const key of must.split(' ')) part[key] = asText(fields[key]) ?? '';
  for (const key of may.split(' ')) part[key] = asText(fields[key]);
  if (kind === 'file' && fields['reasoning'] === true) part['reasoning'] = true;
  if (kind === 'data') part['data'] = data;
  if (kind === 'steering') part['parts'] = Array.isArray(parts) ? parts : [];
  return compact({ ...part, pm, x: mergeX(undefined, x) }) as unknown as Part;
}
