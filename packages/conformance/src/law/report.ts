/** What became of one law. */
export type LawResult<Id extends string = string> = { readonly id: Id; readonly title: string } & (
  | { readonly status: 'held' }
  | { readonly status: 'broken'; readonly error: unknown }
  | { readonly status: 'skipped'; readonly reason: string }
);

/** A result as text: a skip with its reason, a breach with what was seen. */
export function formatResult(result: LawResult): string {
  const line = `${result.id}: ${result.title}`;
  switch (result.status) {
    case 'held':
      return `held     ${line}`;
    case 'skipped':
      return `skipped  ${line}\n    because: ${result.reason}`;
    case 'broken':
      return `broken   ${line}\n    ${describeError(result.error)}`;
  }
}

export function describeError(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
