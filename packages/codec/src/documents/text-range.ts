import type { Path } from '../growth.ts';
import type { Part } from '../part.ts';
import { keyOf, type StoredDocument } from './stored-document.ts';

/**
 * Where a text of a document stands in the text of its answer, which is the text parts one after the other: UTF-16 code units,
 * `end` exclusive. Undefined where the answer shows no such text. `parts` are all parts of the answer.
 */
export function textRange(
  parts: readonly Part[],
  { bindings }: StoredDocument,
  at: Path,
): { readonly start: number; readonly end: number } | undefined {
  const binding = bindings.get(keyOf(at));
  if (binding === undefined || !('n' in binding)) return undefined;
  let start = 0;
  for (const part of parts) {
    if (part.type !== 'text') continue;
    const end = start + part.text.length;
    if (part.n === binding.n) return { start, end };
    start = end;
  }
  return undefined;
}
