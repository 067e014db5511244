import { describe, it } from 'vitest';
import { groupOf } from './law.ts';
import type { Law } from './law.ts';
import { formatResult } from './report.ts';
import type { LawResult } from './report.ts';
import { checkSkips, excuse, runLawOf } from './run.ts';
import type { Suite } from './run.ts';

/** A law's own patience runs out long before this, so that a breach says what it waited for. In milliseconds. */
const TIMEOUT = 60_000;

/**
 * Declares one vitest test for each law that the subject is held to. The subject is opened once beforehand to learn which
 * ones; the others are printed, each with its reason, and declared as no test at all.
 *
 * @throws TypeError where a skip names no law or gives no reason
 */
export function describeSuite<Context, Id extends string, Need extends string>(
  name: string,
  suite: Suite<Context, Id, Need>,
): void {
  checkSkips(suite.laws, suite.skip);
  describe(name, async () => {
    const { laws, skipped } = await sift(suite);
    if (skipped.length > 0) console.info(`${name}\n${skipped.map(formatResult).join('\n')}`);
    for (const group of new Set(laws.map((law) => groupOf(law.id)))) {
      describe(group, () => {
        for (const law of laws.filter((each) => groupOf(each.id) === group)) {
          it(`${law.id}: ${law.title}`, { timeout: TIMEOUT }, async () => {
            const result = await runLawOf(suite, law);
            if (result.status === 'broken') throw result.error;
          });
        }
      });
    }
  });
}

async function sift<Context, Id extends string, Need extends string>(
  suite: Suite<Context, Id, Need>,
): Promise<{
  readonly laws: readonly Law<Context, Id, Need>[];
  readonly skipped: readonly LawResult<Id>[];
}> {
  const laws: Law<Context, Id, Need>[] = [];
  const skipped: LawResult<Id>[] = [];
  const { context, close } = await suite.open();
  try {
    for (const law of suite.laws) {
      const reason = excuse(suite, law, context);
      if (reason === undefined) laws.push(law);
      else skipped.push({ id: law.id, title: law.title, status: 'skipped', reason });
    }
  } finally {
    await close();
  }
  return { laws, skipped };
}
