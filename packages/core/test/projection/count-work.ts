/** How many steps a call is, by what it is called on and with. */
type Cost = (self: unknown, args: readonly unknown[]) => number;

const one: Cost = () => 1;
const all: Cost = (self) => 1 + sizeOf(self);
/** Of `slice` and `splice`: what lies behind the place. */
const rest: Cost = (self, args) => {
  const from = args[0];
  return 1 + Math.max(0, sizeOf(self) - (typeof from === 'number' ? from : 0));
};

/** Walks that may end early: a step for each call of what they are given. */
const SEARCHES: ReadonlySet<PropertyKey> = new Set(
  'every find findIndex findLast findLastIndex some'.split(' '),
);
const LOOK_UPS = 'get set has add delete push pop at';
const WALKS =
  'forEach keys values entries concat filter flat flatMap includes indexOf join map reduce sort with toSorted toReversed';

const COUNTED: readonly (readonly [PropertyKey, Cost])[] = [
  ...LOOK_UPS.split(' ').map((name) => [name, one] as const),
  ...[...SEARCHES].map((name) => [name, one] as const),
  ...WALKS.split(' ').map((name) => [name, all] as const),
  ['slice', rest],
  ['splice', rest],
  [Symbol.iterator, all],
];

/**
 * Counts the steps that `work` takes on arrays, maps and sets: one for a look-up, one for every element of what is walked
 * over, spread or copied; of a walk that ends early, what it came to.
 */
export function countWork(work: () => void): number {
  let steps = 0;
  const kinds: readonly object[] = [Map.prototype, Set.prototype, Array.prototype];
  const known = kinds.flatMap((prototype) =>
    COUNTED.flatMap(([name, cost]) => {
      const original: unknown = Object.hasOwn(prototype, name) ? Reflect.get(prototype, name) : undefined;
      return typeof original === 'function'
        ? [{ prototype, name, original, cost, isSearch: SEARCHES.has(name) }]
        : [];
    }),
  );
  const replace = (prototype: object, name: PropertyKey, value: unknown): void => {
    Object.defineProperty(prototype, name, { value, configurable: true, writable: true });
  };
  // By index: a walk of our own must not be counted.
  for (let at = 0; at < known.length; at += 1) {
    const each = known[at];
    if (each === undefined) continue;
    const { prototype, name, original, cost, isSearch } = each;
    replace(prototype, name, function counted(this: unknown, ...args: unknown[]): unknown {
      steps += cost(this, args);
      const search = args[0];
      if (isSearch && typeof search === 'function') {
        args[0] = (item: unknown, index: unknown, list: unknown): unknown => {
          steps += 1;
          return Reflect.apply(search, undefined, [item, index, list]);
        };
      }
      return Reflect.apply(original, this, args);
    });
  }
  steps = 0;
  try {
    work();
    return steps;
  } finally {
    for (let at = 0; at < known.length; at += 1) {
      const each = known[at];
      if (each !== undefined) replace(each.prototype, each.name, each.original);
    }
  }
}

function sizeOf(self: unknown): number {
  if (Array.isArray(self)) return self.length;
  return self instanceof Map || self instanceof Set ? self.size : 0;
}
