import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root, run } from './command.mjs';
import { setUpAll } from './install/installation.mjs';
import { findProgram, STRYKER_PLUGIN } from './install/tool.mjs';
import { decisionModules } from './mutation/modules.mjs';
import { computeScore, listSurvivors } from './mutation/report.mjs';

/**
 * npm run mutate -- [--scenario] [--tests PATTERN] [FILE...]
 *
 * Changes each file in many small ways and reports the changes that no test of its workspace detects. Without a file, it
 * changes the modules that decide something, with the tests that `mutation/modules.mjs` names.
 *   --scenario        also run the scenario tests
 *   --tests PATTERN   test files below the workspace's test directory (default: all)
 */
const MIN_SCORE = 85;
const directory = join(root, '.cache', 'mutation');
const reportFile = join(directory, 'report.json');
const configFile = join(directory, 'stryker.json');

const { values, positionals } = parseArgs({
  options: { scenario: { type: 'boolean', default: false }, tests: { type: 'string' } },
  allowPositionals: true,
});

/** Texts are left out: a test of each word would be worth nothing. Types are left to tsc. */
const createConfig = (/** @type {string} */ file) => ({
  mutate: [file],
  testRunner: 'jest',
  plugins: [STRYKER_PLUGIN],
  jest: { projectType: 'custom', configFile: 'jest.mutation.config.js', enableFindRelatedTests: true },
  testRunnerNodeArgs: ['--experimental-vm-modules', '--no-warnings'],
  coverageAnalysis: 'perTest',
  mutator: { excludedMutations: ['StringLiteral'] },
  tsconfigFile: '',
  disableTypeChecks: false,
  ignorePatterns: ['**/dist', '**/build/**', '.cache', '.demo', '.git'],
  tempDirName: join('.cache', 'mutation', 'sandbox'),
  reporters: ['progress', 'json'],
  jsonReporter: { fileName: reportFile },
  allowConsoleColors: false,
});

/** Runs Stryker on Node 24, which it needs, and prints the score and the survivors. */
const mutate = async (/** @type {import('./mutation/modules.mjs').DecisionModule} */ { file, tests, scenario }) => {
  const [parent, name] = file.split('/');
  mkdirSync(directory, { recursive: true });
  writeFileSync(configFile, JSON.stringify(createConfig(file)));
  const env = {
    MUTATION_WORKSPACE: `${parent}/${name}`,
    MUTATION_SCENARIOS: String(scenario ?? false),
    ...(tests === undefined ? {} : { MUTATION_TESTS: tests }),
  };
  const { status } = await run(findProgram('node24') ?? '', [findProgram('stryker') ?? '', 'run', configFile], {
    env,
    show: true,
  });
  if (status !== 0) throw new Error(`Stryker ended with status ${status} for ${file}`);
  const report = JSON.parse(readFileSync(reportFile, 'utf8'));
  const { detected, valid, score } = computeScore(report);
  for (const survivor of listSurvivors(report)) console.log(survivor);
  console.log(`${file}: ${detected} of ${valid} mutants detected (${score.toFixed(0)} %, at least ${MIN_SCORE} %)`);
  return score >= MIN_SCORE;
};

const modules =
  positionals.length === 0 ? decisionModules : positionals.map((file) => ({ file, ...values, tests: values.tests }));
if (!(await setUpAll(['node24', 'mutation'])) || findProgram('stryker') === undefined) process.exitCode = 1;
else for (const module of modules) if (!(await mutate(module))) process.exitCode = 1;
