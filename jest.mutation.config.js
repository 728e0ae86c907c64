import config from './jest.config.js';

const { MUTATION_WORKSPACE: workspace = '', MUTATION_TESTS: tests = '**/*.test.ts' } = process.env;
const [unit] = config.projects;

/** One jest project for mutation testing: the tests of a workspace, as `npm run mutate` selects them. */
export default {
  modulePathIgnorePatterns: unit.modulePathIgnorePatterns,
  testEnvironmentOptions: unit.testEnvironmentOptions,
  extensionsToTreatAsEsm: unit.extensionsToTreatAsEsm,
  moduleNameMapper: unit.moduleNameMapper,
  transform: unit.transform,
  testMatch: [`<rootDir>/${workspace}/test/${tests}`],
  testPathIgnorePatterns: ['/node_modules/', ...(process.env.MUTATION_SCENARIOS === 'true' ? [] : ['\\.scenario\\.'])],
  testTimeout: config.testTimeout,
};
