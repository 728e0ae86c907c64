import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { moduleEntry, root, run } from './command.mjs';

/** @typedef {import('./install/tool.mjs').ToolName} ToolName */

/**
 * The test layers, fastest first: required tools, whether the bundles are needed, and the number of parallel test files
 * (one where time is measured).
 * @satisfies {Record<string, { tools: ToolName[], bundles: boolean, workers: string }>}
 */
export const layers = {
  unit: { tools: [], bundles: false, workers: '100%' },
  scenario: { tools: [], bundles: false, workers: '100%' },
  bundle: { tools: [], bundles: true, workers: '1' },
  conformance: { tools: ['python'], bundles: true, workers: '100%' },
  e2e: { tools: ['act', 'python', 'node24'], bundles: true, workers: '100%' },
};

/** @typedef {keyof typeof layers} LayerName */
/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/** @param {Counts} counts */
export const formatCounts = ({ passed, failed, skipped }) => `${passed} passed, ${failed} failed, ${skipped} skipped`;

/**
 * @param {readonly Counts[]} counts
 * @returns {Counts}
 */
export const addCounts = (counts) => ({
  passed: counts.reduce((sum, { passed }) => sum + passed, 0),
  failed: counts.reduce((sum, { failed }) => sum + failed, 0),
  skipped: counts.reduce((sum, { skipped }) => sum + skipped, 0),
});

/**
 * Reads the report of jest. A test file that does not load counts as a failure, and so does a run with a failing exit
 * status but no failed test.
 * @param {string} path
 * @param {number} status jest's exit status
 * @returns {Counts}
 */
export const readReport = (path, status) => {
  if (!existsSync(path)) return { passed: 0, failed: 1, skipped: 0 };
  const report = JSON.parse(readFileSync(path, 'utf8'));
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  return {
    passed: report.numPassedTests,
    failed: status !== 0 && failed === 0 ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  };
};

/**
 * Runs a layer and prints its counts.
 * @param {LayerName} name
 * @param {readonly string[]} jestArguments
 */
export const runLayer = async (name, jestArguments) => {
  const report = join(root, '.cache', 'test', `${name}.json`);
  mkdirSync(dirname(report), { recursive: true });
  rmSync(report, { force: true });
  const started = performance.now();
  const choice = ['--selectProjects', name, '--passWithNoTests', '--maxWorkers', layers[name].workers];
  const args = [...choice, '--json', '--outputFile', report, ...jestArguments];
  const { status } = await run(process.execPath, [moduleEntry.jest, ...args], {
    env: { NODE_OPTIONS: '--experimental-vm-modules --no-warnings' },
    show: true,
  });
  const counts = readReport(report, status);
  console.log(`${name}: ${formatCounts(counts)} in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  return counts;
};
