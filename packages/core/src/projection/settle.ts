import { bySerial } from './by-serial.ts';
import { derive } from './derive.ts';
import { keep } from './equal.ts';
import type { FloorLine } from './floor-line.ts';
import type { Derived, Node } from './node.ts';
import type { RecordIndex } from './record-index.ts';

/**
 * Derives anew what was touched, and what looked at what thereby changed. What a record refers to is older (P2), so this
 * ends, whatever the order; by serial, most is derived once. Returns what changed, with what was derived of it before.
 */
export function settle(index: RecordIndex, floor: FloorLine): ReadonlyMap<Node, Derived> {
  const { touched } = index;
  const before = new Map<Node, Derived>();
  while (touched.size > 0)
    for (const node of [...touched].sort(bySerial)) {
      touched.delete(node);
      const old = node.derived;
      const next = keep(
        old,
        derive(node, floor, (id) => {
          const seen = index.at(id);
          seen.readers.add(node);
          return seen;
        }),
      );
      if (next === old) continue;
      node.derived = next;
      if (!before.has(node)) before.set(node, old);
      for (const reader of node.readers) touched.add(reader);
    }
  return before;
}
