import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { moduleEntry, root, run } from './command.mjs';

/** @typedef {import('./install/tool.mjs').ToolName} ToolName */

/**
 * The test layers, fastest first: required tools, whether the bundles are needed, and jest's workers as a share of the
 * processors, at most all of them: jest reads a larger percentage as a number of workers.
 * @satisfies {Record<string, { tools: ToolName[], bundles: boolean, workers: string }>}
 */
export const layers = {
  unit: { tools: [], bundles: false, workers: '100%' },
  scenario: { tools: [], bundles: false, workers: '100%' },
  bundle: { tools: [], bundles: true, workers: '100%' },
  conformance: { tools: ['python', 'sarif'], bundles: true, workers: '50%' },
  e2e: { tools: ['act', 'python', 'node14', 'node24'], bundles: true, workers: '100%' },
};

/** Layers that run side by side, because both mostly wait. @type {readonly (readonly LayerName[])[]} */
export const layerGroups = [['unit'], ['scenario'], ['bundle'], ['conformance', 'e2e']];

/** @typedef {keyof typeof layers} LayerName */
/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */
/** @typedef {Counts & { name: string, seconds: number, reasons: Map<string, number> }} LayerResult `reasons` of skipped tests, with their number */

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

const REASON = /\(skipped: (?<reason>.+?)\)(?: |$)/u;
const NO_REASON = 'no reason in its title';

/**
 * Reads the report of jest. A test file that does not load counts as a failure, and so do a run with a failing exit
 * status but no failed test, and a skipped test whose title has no reason.
 * @param {string} path
 * @param {number} status jest's exit status
 * @returns {Counts & { reasons: Map<string, number> }}
 */
export const readReport = (path, status) => {
  /** @type {Map<string, number>} */
  const reasons = new Map();
  if (!existsSync(path)) return { passed: 0, failed: 1, skipped: 0, reasons };
  const report = JSON.parse(readFileSync(path, 'utf8'));
  for (const { assertionResults } of report.testResults) {
    for (const { status: testStatus, fullName } of assertionResults) {
      if (testStatus !== 'pending' && testStatus !== 'todo') continue;
      const reason = REASON.exec(fullName)?.groups?.['reason'] ?? `${NO_REASON}: ${fullName}`;
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
  }
  const unexplained = [...reasons.keys()].filter((reason) => reason.startsWith(NO_REASON)).length;
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites + unexplained;
  return {
    passed: report.numPassedTests,
    failed: status !== 0 && failed === 0 ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
    reasons,
  };
};

const durationsPath = join(root, '.cache', 'test', 'durations.json');

/**
 * How long each layer took in its last complete run, in seconds.
 * @returns {Record<string, number>}
 */
const readDurations = () => (existsSync(durationsPath) ? JSON.parse(readFileSync(durationsPath, 'utf8')) : {});

/** @param {number} seconds */
const formatSeconds = (seconds) => `${seconds.toFixed(0)} s`;

/**
 * What will run, with the duration of the last complete run on this machine.
 * @param {readonly LayerName[]} names
 */
export const formatPlan = (names, durations = readDurations()) => {
  const label = (/** @type {LayerName} */ name) => {
    const seconds = durations[name];
    return seconds === undefined ? name : `${name} (${formatSeconds(seconds)} last time)`;
  };
  return `Test layers: ${names.map(label).join(', ')}`;
};

/**
 * The time and counts of each layer, the skipped tests by reason, and the total.
 * @param {readonly LayerResult[]} results
 */
export const formatResults = (results) => {
  const times = results.map((result) => `${result.name}: ${formatCounts(result)} in ${formatSeconds(result.seconds)}`);
  const skips = results.flatMap(({ name, reasons }) =>
    [...reasons].map(([reason, count]) => `skipped in ${name}: ${count} (${reason})`),
  );
  return [...times, ...skips, formatCounts(addCounts(results))].join('\n');
};

/**
 * Runs a layer.
 * @param {LayerName} name
 * @param {readonly string[]} jestArguments
 * @param {{ program?: string, label?: string, env?: Record<string, string> }} [options] the Node.js that runs it, the name
 *   of its result if not the layer's, and more environment variables
 * @returns {Promise<LayerResult>}
 */
export const runLayer = async (name, jestArguments, { program = process.execPath, label = name, env } = {}) => {
  const report = join(root, '.cache', 'test', `${label.replaceAll(' ', '-')}.json`);
  mkdirSync(dirname(report), { recursive: true });
  rmSync(report, { force: true });
  const started = performance.now();
  const choice = ['--selectProjects', name, '--passWithNoTests', '--maxWorkers', layers[name].workers];
  const args = [...choice, '--json', '--outputFile', report, ...jestArguments];
  const { status } = await run(program, [moduleEntry.jest, ...args], {
    env: { ...env, NODE_OPTIONS: '--experimental-vm-modules --no-warnings' },
    show: true,
  });
  const seconds = (performance.now() - started) / 1000;
  const result = { name: label, seconds, ...readReport(report, status) };
  if (jestArguments.length === 0 && result.failed === 0) {
    writeFileSync(durationsPath, JSON.stringify({ ...readDurations(), [label]: seconds }));
  }
  return result;
};
