const jsc = { parser: { syntax: 'typescript' }, target: 'es2023', experimental: { keepImportAttributes: true } };
const swc = { jsc, module: { type: 'es6' } };

/** Layers of tests, fastest first; `npm test` runs them in this order. */
const layers = {
  unit: ['packages/*/test/**/*.test.ts', 'actions/*/test/**/*.test.ts', 'scripts/test/**/*.test.ts'],
  scenario: ['actions/*/test/**/*.scenario.test.ts', 'test/least-privilege/**/*.test.ts', 'test/chaos/**/*.test.ts'],
  bundle: ['test/bundle/**/*.test.ts'],
  conformance: ['test/conformance/**/*.test.ts'],
  e2e: ['test/e2e/**/*.test.ts', 'test/hosts/**/*.test.ts'],
};

/** @param {string} name @param {string[]} patterns */
const project = (name, patterns) => ({
  displayName: name,
  testMatch: patterns.map((pattern) => `<rootDir>/${pattern}`),
  testPathIgnorePatterns: [
    '/node_modules/',
    '<rootDir>/(?:(?:packages|actions|hosts)/[^/]+|scripts|test/bench)/build/',
    ...(process.env['TEST_FULL'] === 'true' ? [] : ['<rootDir>/test/conformance/clients/rain\\.test\\.ts$']),
    ...(name === 'unit' ? ['\\.scenario\\.test\\.ts$'] : []),
  ],
  modulePathIgnorePatterns: ['<rootDir>/\\.cache/', '<rootDir>/\\.demo/'],
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'default'] },
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '\\.ts$': ['@swc/jest', swc] },
});

export default {
  projects: Object.entries(layers).map(([name, patterns]) => project(name, patterns)),
  testTimeout: 120_000,
};
