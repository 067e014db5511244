/** What differs from reader to reader: the time at which each of them made the message. */
const OWN = 'createdAt';

/** Whether two values show the same, as JSON would keep them. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b))
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((item, at) => isSame(item, b[at]))
    );
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  for (const key of keys) if (key !== OWN && !isSame(Reflect.get(a, key), Reflect.get(b, key))) return false;
  return true;
}
