import { describeSuite } from '../law/describe.ts';
import type { LawResult } from '../law/report.ts';
import { checkSkips, runLawOf, type Suite } from '../law/run.ts';
import type { CodecLaw, CodecNeed } from './law.ts';
import { CODEC_LAWS, type CodecLawId } from './laws.ts';
import type { CodecSubject } from './subject.ts';

export interface CodecSuiteOptions<Chunk> extends CodecSubject<Chunk> {
  /** Laws that are not checked, each with the reason, which is printed. Default: none. */
  readonly skip?: Readonly<Partial<Record<CodecLawId, string>>>;
}

export interface DescribeCodecOptions<Chunk> extends CodecSuiteOptions<Chunk> {
  /** What the tests are grouped under. */
  readonly name: string;
}

/**
 * Declares one vitest test for each law of codecs. Laws that can't be checked, because the framework has no such chunks
 * or because `skip` says so, are printed with the reason and declared as no test.
 *
 * @throws TypeError where `skip` names no law or gives no reason
 */
export function describeCodec<Chunk>({ name, ...options }: DescribeCodecOptions<Chunk>): void {
  describeSuite(name, suiteOf(options));
}

/**
 * Checks one law outside a test runner. Never rejects: whatever goes wrong is in the result.
 *
 * @throws TypeError where `skip` names no law or gives no reason
 */
export function runCodecLaw<Chunk>(
  law: CodecLaw<CodecLawId>,
  options: CodecSuiteOptions<Chunk>,
): Promise<LawResult<CodecLawId>> {
  const suite = suiteOf(options);
  checkSkips(suite.laws, suite.skip);
  return runLawOf(suite, law);
}

function suiteOf<Chunk>({
  skip = {},
  ...subject
}: CodecSuiteOptions<Chunk>): Suite<CodecSubject<unknown>, CodecLawId, CodecNeed> {
  return {
    laws: CODEC_LAWS,
    skip,
    // The laws take chunks from the subject and give them back to it: their type is its own affair.
    open: () =>
      Promise.resolve({ context: subject as CodecSubject<unknown>, close: () => Promise.resolve() }),
    lacks: (need, context) =>
      context[need] === undefined ? `the framework has no '${need}' chunks` : undefined,
  };
}
