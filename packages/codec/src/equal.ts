/** Whether two plain values (JSON, with fields that may be undefined) say the same. However deep, it doesn't recurse. */
export function isEqual(a: unknown, b: unknown): boolean {
  const pairs = [[a, b]];
  for (const [left, right] of pairs) {
    if (left === right) continue;
    if (!isPlain(left) || !isPlain(right) || Array.isArray(left) !== Array.isArray(right)) return false;
    const keys = Object.keys(left);
    if (keys.length !== Object.keys(right).length) return false;
    for (const key of keys) {
      if (!Object.hasOwn(right, key)) return false;
      pairs.push([left[key], right[key]]);
    }
  }
  return true;
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
