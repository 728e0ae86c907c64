import { definition } from '../../actions/oidc-credentials/action.js';
import { ACCOUNT, Harness, roleArn, type StepOptions, scenario } from '../../actions/oidc-credentials/test/harness.js';
import {
  expectContinuation,
  expectFailure,
  explainUnobservable,
  listUsedActions,
  type PermissionScenario,
  verifyPermissions,
} from './permission-harness.js';

const REGION = 'eu-central-1';

/** Runs a step whose role and user have only the policy. */
const runStep =
  (options: StepOptions): PermissionScenario =>
  async (grant) => {
    const { roles, users } = scenario.iam;
    const policies = { least: grant };
    const iam = {
      ...scenario.iam,
      roles: { ...roles, deploy: { ...roles.deploy, policies } },
      users: { deployer: { ...users.deployer, policies } },
    };
    const harness = await Harness.start({ iam });
    try {
      const { recorded, calls } = await harness.runMain(options);
      const output = [...recorded.failures, recorded.log.getOutput(), recorded.summary()].join('\n');
      return { failed: recorded.failures.length > 0, output, usedActions: listUsedActions(calls) };
    } finally {
      await harness.close();
    }
  };

/** Assumes a second role, whose trust policy leaves the decision to the account's policies. */
const chain = runStep({ inputs: { 'role-chain': roleArn('user') } });
/** Assumes a role that does not trust the token; the environment has keys to read the role's trust policy. */
const untrusted = runStep({
  claims: { repository: 'octocat/elsewhere' },
  env: { AWS_ACCESS_KEY_ID: 'AKIAUSER', AWS_SECRET_ACCESS_KEY: 'user/secret+key' },
});
const readParameters = (names: string): PermissionScenario => runStep({ inputs: { 'parameter-names': names } });
const readSecrets = (ids: string): PermissionScenario => runStep({ inputs: { 'secret-ids': ids } });

verifyPermissions(
  definition,
  { region: REGION, account: ACCOUNT },
  {
    'sts:AssumeRole': expectFailure(chain),
    'sts:TagSession': expectFailure(chain),
    'secretsmanager:GetSecretValue': expectFailure(readSecrets('prod/plain')),
    'secretsmanager:ListSecrets': expectFailure(readSecrets('prod/*')),
    'ssm:GetParameters': expectFailure(readParameters('/prod/db/host')),
    'ssm:GetParametersByPath': expectFailure(readParameters('/prod/db/*')),
    'kms:Decrypt': explainUnobservable(
      'Systems Manager decrypts with the caller’s permissions if the key is customer managed; local AWS has no KMS',
    ),
    'iam:GetRole': expectContinuation(untrusted, /^(?![\s\S]*the role's trust policy requires)/),
  },
);
