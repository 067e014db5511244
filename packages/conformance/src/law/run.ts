import type { Law } from './law.ts';
import type { LawResult } from './report.ts';

/** A list of laws together with one subject. */
export interface Suite<Context, Id extends string, Need extends string> {
  readonly laws: readonly Law<Context, Id, Need>[];
  /** Laws that are not checked, each with the reason. */
  readonly skip: Readonly<Partial<Record<Id, string>>>;
  /** Opens what one law works with. */
  readonly open: () => Promise<Opened<Context>>;
  /** Why the subject lacks an ability, or undefined where it has it. */
  readonly lacks: (need: Need, context: Context) => string | undefined;
}

export interface Opened<Context> {
  readonly context: Context;
  readonly close: () => Promise<void>;
}

/** Checks one law. Never rejects: whatever goes wrong is in the result. */
export async function runLawOf<Context, Id extends string, Need extends string>(
  suite: Suite<Context, Id, Need>,
  law: Law<Context, Id, Need>,
): Promise<LawResult<Id>> {
  const head = { id: law.id, title: law.title };
  try {
    const opened = await suite.open();
    try {
      const reason = excuse(suite, law, opened.context);
      if (reason !== undefined) return { ...head, status: 'skipped', reason };
      await law.check(opened.context);
    } finally {
      await opened.close();
    }
    return { ...head, status: 'held' };
  } catch (error) {
    return { ...head, status: 'broken', error };
  }
}

/** Why a law is not checked: the reason that was given, or the ability that the subject lacks. */
export function excuse<Context, Id extends string, Need extends string>(
  suite: Suite<Context, Id, Need>,
  law: Law<Context, Id, Need>,
  context: Context,
): string | undefined {
  const given = suite.skip[law.id];
  if (given !== undefined) return given;
  for (const need of law.requires ?? []) {
    const reason = suite.lacks(need, context);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

/** @throws TypeError where a skip names no law or gives no reason: a suite must not shrink silently. */
export function checkSkips(
  laws: readonly { readonly id: string }[],
  skip: Readonly<Record<string, unknown>>,
): void {
  const ids = new Set(laws.map((law) => law.id));
  for (const [id, reason] of Object.entries(skip)) {
    if (!ids.has(id)) throw new TypeError(`skip names '${id}', which is not a law`);
    if (typeof reason !== 'string' || reason.trim() === '') {
      throw new TypeError(`skip of '${id}' needs a reason`);
    }
  }
}
