import fc from 'fast-check';

/** What this run's choices come from; see `scripts/vitest/choose-seed.ts`. */
export function seedOfRun(): number {
  return fc.readConfigureGlobal().seed ?? 0;
}
