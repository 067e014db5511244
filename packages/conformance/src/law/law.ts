/**
 * One law that every subject must keep, as data: the same law runs under vitest and from a program.
 *
 * `requires` names abilities of the subject without which the law says nothing; it is then left out, with that as the
 * reason. `check` returns if the law holds and throws if not.
 */
export interface Law<Context, Id extends string = string, Need extends string = string> {
  readonly id: Id;
  readonly title: string;
  readonly requires?: readonly Need[];
  readonly check: (context: Context) => Promise<void>;
}

/** The part of an id before the dot: laws of one group are shown together. */
export function groupOf(id: string): string {
  return id.slice(0, id.indexOf('.'));
}
