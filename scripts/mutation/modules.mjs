/**
 * A module that decides something, and the tests that judge it.
 * @typedef {object} DecisionModule
 * @property {string} file
 * @property {string | undefined} [tests] test files below the workspace's test directory; default: all unit tests
 * @property {boolean} [scenario] whether scenario tests judge it too
 */

/** What `npm run mutate` changes if no file is named. @type {readonly DecisionModule[]} */
export const decisionModules = [
  { file: 'packages/aws/src/retry-strategy.ts' },
  { file: 'packages/findings/src/severity.ts' },
  { file: 'packages/findings/src/gate-decision.ts' },
  { file: 'packages/findings/src/sarif/result-severity.ts' },
  { file: 'packages/oci/src/image/digest.ts' },
  { file: 'packages/oci/src/image/manifest.ts' },
  { file: 'actions/cloudformation-deploy/src/change-set/guard.ts' },
  { file: 'actions/cloudformation-deploy/src/operation/failure-class.ts' },
  { file: 'actions/cloudformation-deploy/src/recovery/recovery-table.ts', tests: 'recovery/*.test.ts', scenario: true },
  { file: 'actions/cloudformation-deploy/src/recovery/retry.ts', tests: 'recovery/*.test.ts', scenario: true },
  { file: 'actions/health-gate/src/decision/verdict.ts' },
  { file: 'actions/health-gate/src/decision/observation.ts' },
  { file: 'actions/health-gate/src/decision/blocker-collector.ts', tests: '*.test.ts', scenario: true },
  { file: 'actions/oidc-credentials/src/trust/trust-policy.ts' },
  { file: 'actions/oidc-credentials/src/trust/trust-statements.ts' },
  { file: 'actions/oidc-credentials/src/trust/trusted-environments.ts' },
  { file: 'actions/oidc-credentials/src/trust/trust-diagnosis.ts' },
  { file: 'actions/oidc-credentials/src/export/export-credentials.ts', tests: 'export/*.test.ts', scenario: true },
  { file: 'actions/oidc-credentials/src/export/credential-output.ts', tests: 'export/*.test.ts', scenario: true },
  { file: 'actions/appconfig-rollout/src/plan/difference.ts' },
  { file: 'actions/appconfig-rollout/src/plan/rollout-plan.ts', tests: 'plan/*.test.ts', scenario: true },
  { file: 'actions/appconfig-rollout/src/cleanup/prune-versions.ts', tests: 'cleanup/*.test.ts', scenario: true },
];
