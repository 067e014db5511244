import type { CreateOperation } from '../operation.ts';

/**
 * Tells two creates with one id apart. A 53-bit hash (cyrb53's mixing constants) is enough: a publisher that forges a
 * collision only refuses its own second message.
 */
export function fingerprint({ draft, seals }: CreateOperation): string {
  const headers = Object.entries(draft.headers ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return hash(JSON.stringify([draft.name, draft.data, headers, seals ?? null]));
}

function hash(text: string): string {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    high = Math.imul(high ^ unit, 2654435761);
    low = Math.imul(low ^ unit, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return ((2097151 & low) * 4294967296 + (high >>> 0)).toString(36);
}
