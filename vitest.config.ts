import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'packages/*/{src,test}/**/*.test.{ts,tsx}',
      'examples/*/test/**/*.test.ts',
      'testing/test/**/*.test.ts',
    ],
    globalSetup: ['scripts/vitest/choose-seed.ts'],
    setupFiles: ['scripts/vitest/use-seed.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
