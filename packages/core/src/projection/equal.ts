import { isEqual } from '@holdfast/codec';

/** `next`, or `known` where that says the same: what did not change keeps its identity. */
export function keep<T>(known: T | undefined, next: T): T {
  return known !== undefined && isEqual(known, next) ? known : next;
}

/** Whether two lists hold the same objects. */
export function isSameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((each, index) => each === b[index]);
}
