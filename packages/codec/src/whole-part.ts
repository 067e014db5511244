import { asText, compact, mergeX } from './fields.ts';
import type { JsonObject } from './json.ts';
import type { Part } from './part.ts';

/** The part that a `put` of a kind brings; undefined for a kind of a later version. */
export function toWholePart(kind: unknown, fields: JsonObject): Part | undefined {
  const text = (key: string): string => asText(fields[key]) ?? '';
  const { pm, title, filename } = fields;
  const rest = { pm, x: mergeX(undefined, fields['x']) };
  switch (kind) {
    case 'source':
      return compact<Part>({
        type: 'source',
        id: text('id'),
        url: text('url'),
        title: asText(title),
        ...rest,
      });
    case 'document':
      return compact<Part>({
        type: 'document',
        id: text('id'),
        mime: text('mime'),
        title: asText(title),
        filename: asText(filename),
        ...rest,
      });
    case 'file':
      return compact<Part>({
        type: 'file',
        url: text('url'),
        mime: text('mime'),
        filename: asText(filename),
        reasoning: fields['reasoning'] === true || undefined,
        ...rest,
      });
    case 'data':
      return compact<Part>({
        type: 'data',
        name: text('name'),
        id: asText(fields['id']),
        data: fields['data'] ?? null,
        ...rest,
      });
    case 'custom':
      return compact<Part>({ type: 'custom', kind: text('kind'), ...rest });
    case 'steering': {
      const { parts } = fields;
      return compact<Part>({
        type: 'steering',
        id: text('id'),
        parts: Array.isArray(parts) ? parts : [],
        ...rest,
      });
    }
    default:
      return undefined;
  }
}
