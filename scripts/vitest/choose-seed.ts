import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    seed: number;
  }
}

/**
 * One seed for all property tests of a run, the same for everybody unless it is asked for: a change that fails the gate has
 * broken something itself. `SEED=random npx vitest run` explores, and `SEED=…` has a run again.
 */
export default function setup(project: TestProject): void {
  const wanted = process.env['SEED'] ?? '20261121';
  const seed = wanted === 'random' ? Date.now() % 2 ** 31 : Number(wanted);
  console.log(`Property tests: SEED=${seed}`);
  project.provide('seed', seed);
}
