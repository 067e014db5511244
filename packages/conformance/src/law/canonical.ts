/**
 * A value as text in which equal values are equal: keys sorted, fields that are undefined left out, unpaired surrogates
 * escaped. Good for comparing and for showing.
 */
export function canonical(value: unknown): string {
  return JSON.stringify(sorted(value)) ?? 'undefined';
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  // fromEntries defines properties, so that a key named __proto__ stays a key.
  return Object.fromEntries(entries.map(([key, field]) => [key, sorted(field)]));
}
