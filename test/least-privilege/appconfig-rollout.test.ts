import { CreateBucketCommand, PutBucketVersioningCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { definition } from '../../actions/appconfig-rollout/action.js';
import {
  ACCOUNT,
  type Harness,
  type HarnessOptions,
  REGION,
  withHarness,
} from '../../actions/appconfig-rollout/test/harness.js';
import {
  expectContinuation,
  expectFailure,
  explainUnobservable,
  listUsedActions,
  type PermissionScenario,
  verifyPermissions,
} from './permission-harness.js';

type Inputs = Readonly<Record<string, string>>;
/** The inputs of a run of the action, or a function that runs between two runs. */
type Step = Inputs | ((harness: Harness) => Promise<unknown>);

const FAST: Inputs = { strategy: 'AppConfig.AllAtOnce', tenants: 'globex', environments: 'dev' };
const TREE = { 'config/tenants/globex/dev/Limits.json': '{"rate": 20}' };

/** Runs steps on a tree of one file, until one fails. */
const runSteps =
  (steps: readonly Step[], options: HarnessOptions = {}, files: Inputs = {}): PermissionScenario =>
  async (grant) => {
    const users = { rollout: { accessKeys: { AKIAROLLOUT: 'rollout-secret' }, policies: { least: grant } } };
    const iam = { users, accessKeys: { AKIAROOT: 'root-secret' } };
    const outcome = { failed: false, output: '', usedActions: [] as readonly string[] };
    const runOn = async (harness: Harness) => {
      let run = 100;
      for (const step of steps) {
        if (typeof step === 'function') {
          await step(harness);
          continue;
        }
        run += 1;
        const runResult = await harness.run({ inputs: { ...FAST, ...step }, env: { GITHUB_RUN_ID: String(run) } });
        outcome.failed = runResult.failures.length > 0;
        outcome.output += [...runResult.failures, runResult.log, runResult.summary].join('\n');
        outcome.usedActions = [...outcome.usedActions, ...listUsedActions(runResult.calls)];
        if (outcome.failed) return;
      }
    };
    await withHarness(runOn, { ...options, iam }, { ...TREE, ...files });
    return outcome;
  };

const changeRate = (rate: number) => (harness: Harness) =>
  harness.write({ 'config/tenants/globex/dev/Limits.json': `{"rate": ${rate}}` });
const addSchema = (harness: Harness) => harness.write({ 'config/schemas/Limits.schema.json': '{ "type": "object" }' });
const advanceClock = (harness: Harness) => harness.clock.advance(80 * 3_600_000);

/** Rolls out a profile whose content is not hosted by AppConfig. */
const rollOutExternalContent = (location: string, ...before: readonly Step[]): PermissionScenario =>
  runSteps(
    [...before, { profiles: 'Elsewhere' }],
    {
      ssm: { parameters: { '/shop/limits': '{"rate": 1}' }, documents: { limits: '3' } },
      secretsmanager: { shop: { token: 'one' } },
    },
    {
      'config/appconfig.yml': `profiles:\n  Elsewhere:\n    location: ${location}\n    retrieval-role-arn: arn:aws:iam::${ACCOUNT}:role/read\n`,
    },
  );
const putObject = async (harness: Harness): Promise<void> => {
  const s3 = new S3Client({ ...harness.rootClientOptions, forcePathStyle: true });
  const Bucket = 'config-bucket';
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  await s3.send(new PutObjectCommand({ Bucket, Key: 'limits.json', Body: '{}' }));
  s3.destroy();
};

const rollout = runSteps([{}]);
const again = runSteps([{}, {}]);
const schema = runSteps([{}, changeRate(2), addSchema, {}]);
const preview = runSteps([{}, changeRate(2), { mode: 'preview' }]);
const inline = runSteps([{ strategy: '{ duration: 1m, growth: 50 }' }]);
const revert = runSteps([{}, { mode: 'revert' }]);
const removal = runSteps([{}, { strategy: '', environments: '', mode: 'cleanup', cleanup: 'all', confirm: 'all' }]);
const pruning = runSteps([
  { 'keep-versions': '1' },
  changeRate(2),
  {},
  changeRate(3),
  {},
  advanceClock,
  { 'keep-versions': '1' },
]);
const parameter = rollOutExternalContent('ssm-parameter:///shop/limits');

verifyPermissions(
  definition,
  { region: REGION, account: ACCOUNT },
  {
    'appconfig:ListApplications': expectFailure(rollout),
    'appconfig:ListDeploymentStrategies': expectFailure(inline),
    'appconfig:ListEnvironments': expectFailure(again),
    'appconfig:ListConfigurationProfiles': expectFailure(again),
    'appconfig:ListDeployments': expectFailure(again),
    'appconfig:ListHostedConfigurationVersions': expectFailure(again),
    'appconfig:GetDeployment': expectFailure(rollout),
    'appconfig:GetConfigurationProfile': expectFailure(schema),
    'appconfig:GetHostedConfigurationVersion': expectFailure(preview),
    'appconfig:CreateHostedConfigurationVersion': expectFailure(rollout),
    'appconfig:StartDeployment': expectFailure(rollout),
    'appconfig:StopDeployment': expectFailure(revert),
    'appconfig:UpdateConfigurationProfile': expectFailure(schema),
    'appconfig:CreateApplication': expectFailure(rollout),
    'appconfig:CreateDeploymentStrategy': expectFailure(inline),
    'appconfig:CreateEnvironment': expectFailure(rollout),
    'appconfig:CreateConfigurationProfile': expectFailure(rollout),
    'appconfig:TagResource': explainUnobservable(
      'the action sets tags in create calls; whether AppConfig also checks this permission is not documented',
    ),
    'iam:PassRole': expectFailure(parameter),
    'ssm:GetParameter': expectFailure(parameter),
    'ssm:DescribeDocument': expectFailure(rollOutExternalContent('ssm-document://limits')),
    'secretsmanager:DescribeSecret': expectFailure(rollOutExternalContent('secretsmanager://shop')),
    // A HEAD response has no body, so the error does not name the permission.
    's3:GetObject': expectFailure(
      rollOutExternalContent('s3://config-bucket/limits.json', putObject),
      /cannot read the version of 's3:\/\/config-bucket\/limits.json': .*403/,
    ),
    'cloudwatch:DescribeAlarms': expectFailure(
      runSteps([{ 'probe-alarms': 'errors' }], { cloudwatch: { alarms: { errors: {} } } }),
    ),
    'appconfig:ListTagsForResource': expectFailure(removal),
    'appconfig:DeleteApplication': expectFailure(removal),
    'appconfig:DeleteEnvironment': expectFailure(removal),
    'appconfig:DeleteConfigurationProfile': expectFailure(removal),
    'appconfig:DeleteHostedConfigurationVersion': expectContinuation(
      pruning,
      /cannot delete old versions: .* not authorized/,
    ),
  },
);
