// Everything that must hold, one step after the other; ends with "N passed, N failed" over steps and tests.
import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const report = join(tmpdir(), `holdfast-tests-${process.pid}.json`);

/**
 * Each step is a name and a command of the workspace's own tools.
 * @type {[name: string, command: string[]][]}
 */
const steps = [
  ['types', ['tsc', '-p', 'tsconfig.json', '--noEmit']],
  ['lint', ['oxlint', '--type-aware', '--deny-warnings']],
  ['format', ['prettier', '--check', '.']],
  ['layers', ['node', 'scripts/check-layers.mjs']],
  ['unused code', ['knip']],
  ['tests', ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`]],
  ['packages', ['node', 'scripts/check-packages.mjs']],
  ['budgets', ['size-limit']],
  ['demo under fire', ['node', 'scripts/demo.mjs', '--check']],
  ['demo over Ably under fire', ['node', 'scripts/demo.mjs', '--check', '--channels', 'ably']],
  ['takeover under fire', ['node', 'scripts/demo.mjs', '--check', 'takeover']],
  ['cluster under fire', ['node', 'scripts/demo.mjs', 'cluster', '--check']],
];

const only = process.argv.slice(2);
/** @type {{ name: string, ok: boolean }[]} */
const results = [];
for (const [name, command] of steps) {
  if (only.length > 0 && !only.includes(name)) continue;
  console.log(`\n▶ ${name}`);
  const started = Date.now();
  const ok = await run(command);
  results.push({ name, ok });
  console.log(`${ok ? '✓' : '✗'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
}

const tests = readTests();
const failedSteps = results.filter(({ ok }) => !ok);
for (const { name } of failedSteps) console.log(`✗ ${name}`);
for (const name of tests.skipped) console.log(`✗ skipped: ${name}`);
const passed = results.length - failedSteps.length + tests.passed;
const failed = failedSteps.length + tests.failed + tests.skipped.length;
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

/** Runs one command with the workspace's binaries on its path. */
function run([command, ...args]) {
  const path = `${join(process.cwd(), 'node_modules', '.bin')}:${process.env.PATH}`;
  return new Promise((resolve) => {
    spawn(command, args, { stdio: 'inherit', env: { ...process.env, PATH: path } })
      .once('error', (error) => {
        console.error(error.message);
        resolve(false);
      })
      .once('exit', (code) => resolve(code === 0));
  });
}

/** Counts of the test run; a test that did not run counts as a failure, since the gate allows no skips. */
function readTests() {
  try {
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
    const skipped = testResults
      .flatMap(({ assertionResults }) => assertionResults)
      .filter(({ status }) => status !== 'passed' && status !== 'failed')
      .map(({ fullName }) => fullName);
    return { passed: numPassedTests, failed: numFailedTests, skipped };
  } catch {
    return { passed: 0, failed: 0, skipped: [] };
  } finally {
    rmSync(report, { force: true });
  }
}
