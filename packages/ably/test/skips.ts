import type { ChannelLawId } from '@holdfast/conformance/channel';

type Reasons = Readonly<Partial<Record<ChannelLawId, string>>>;

/** Laws that the suite leaves out beside those for which Ably lacks the feature. */
export const SKIP: Reasons = {
  'P3.anonymous':
    'Ably knows no owner of what an anonymous client has published: only a token for any message lets it on',
};

/** Laws that need another server than the suite's, each with the test that holds the adapter to it. */
export const ELSEWHERE: Reasons = {
  'I7.restart': 'restart.test.ts, over an emulator on SQLite',
  'I9.too-fast': 'limits.test.ts, at the rate that Ably allows',
};
