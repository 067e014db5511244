import { describeSuite } from '../law/describe.ts';
import type { LawResult } from '../law/report.ts';
import { checkSkips, runLawOf } from '../law/run.ts';
import type { Suite } from '../law/run.ts';
import type { ChannelSuiteOptions } from './backend.ts';
import { openContext } from './context.ts';
import type { LawContext } from './context.ts';
import type { ChannelLaw } from './law.ts';
import { CHANNEL_LAWS } from './laws.ts';
import type { ChannelLawId } from './laws.ts';
import { lacks } from './need.ts';
import type { Need } from './need.ts';

export interface DescribeChannelOptions extends ChannelSuiteOptions<ChannelLawId> {
  /** What the tests are grouped under. */
  readonly name: string;
}

/**
 * Declares one vitest test for each law that `open`'s channels are held to. Laws that can't be checked, because a feature
 * or a fault is not there or because `skip` says so, are printed with the reason and declared as no test.
 *
 * @throws TypeError where `skip` names no law or gives no reason
 */
export function describeChannel({ name, ...options }: DescribeChannelOptions): void {
  describeSuite(name, suiteOf(options));
}

/**
 * Checks one law outside a test runner. Never rejects: whatever goes wrong is in the result.
 *
 * @throws TypeError where `skip` names no law or gives no reason
 */
export function runLaw(
  law: ChannelLaw<ChannelLawId>,
  options: ChannelSuiteOptions<ChannelLawId>,
): Promise<LawResult<ChannelLawId>> {
  const suite = suiteOf(options);
  checkSkips(suite.laws, suite.skip);
  return runLawOf(suite, law);
}

function suiteOf(options: ChannelSuiteOptions<ChannelLawId>): Suite<LawContext, ChannelLawId, Need> {
  return { laws: CHANNEL_LAWS, skip: options.skip ?? {}, open: () => openContext(options), lacks };
}
