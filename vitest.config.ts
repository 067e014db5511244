import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const TESTS = [
  'packages/*/{src,test}/**/*.test.{ts,tsx}',
  'examples/*/test/**/*.test.ts',
  'testing/test/**/*.test.ts',
];
/** Processes that are killed, browsers, many gateways: what takes the whole machine by itself. */
const ALONE = [
  '{packages,examples}/*/test/**/{balancer,browser,cluster,faults,kill,killed,page,page-*}.test.ts',
  '{packages/*,testing}/test/faults/**/*.test.ts',
];

export default defineConfig({
  test: {
    globalSetup: ['scripts/vitest/choose-seed.ts'],
    setupFiles: ['scripts/vitest/use-seed.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'side by side',
          include: TESTS,
          exclude: ALONE,
          maxWorkers: availableParallelism(),
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: 'alone', include: ALONE, maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
