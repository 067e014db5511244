import { isEqual } from '@holdfast/codec';
import type { FloorLine } from './floor-line.ts';
import { deriveRun } from './derive-run.ts';
import { isLoaded, NOTHING } from './node.ts';
import type { Derived, Node } from './node.ts';
import { refuse } from './refuse.ts';
import type { Stored } from './stored.ts';

/** What follows from the records about one id. Other nodes are looked up by `see`, which notes who looks. */
export function derive(node: Node, floor: FloorLine, see: (id: string) => Node): Derived {
  const { entry, said } = node;
  const [head, ...repeats] = said;
  const refusals = repeats.flatMap((each) =>
    head && !isRepeat(head, each) ? refuse(each.message, 'conflict') : [],
  );
  if (head && entry?.kind === 'refused') refusals.push(refuse(head.message, entry.code, entry.reason));
  if (isLoaded(node)) return deriveRun(node, refusals, floor, see);
  return refusals.length > 0 ? { ...NOTHING, refusals } : NOTHING;
}

function isRepeat(a: Stored, b: Stored): boolean {
  return isEqual(saying(a), saying(b));
}

/** What is the same where a publisher says the same again. An output's data is left out: it grows. */
function saying({ message: { clientId, name, headers, data } }: Stored): readonly unknown[] {
  return [clientId, name, headers, name === 'output' || data];
}
