import { CreateBucketCommand, PutBucketVersioningCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { definition } from '../../actions/appconfig-rollout/action.js';
import {
  ACCOUNT,
  onStage,
  REGION,
  type Stage,
  type StageOptions,
} from '../../actions/appconfig-rollout/test/helpers/stage.js';
import { fails, goesOn, judge, type Story, unshown, usedIn } from './judge.js';

type Inputs = Readonly<Record<string, string>>;
/** What a step is given; a function prepares it. */
type Part = Inputs | ((stage: Stage) => Promise<unknown>);

const FAST: Inputs = { strategy: 'AppConfig.AllAtOnce', tenants: 'globex', environments: 'dev' };
const TREE = { 'config/tenants/globex/dev/Limits.json': '{"rate": 20}' };

/** Steps one after the other on a tree of one file; the first that fails ends the story. */
const steps =
  (parts: readonly Part[], options: StageOptions = {}, files: Inputs = {}): Story =>
  async (grant) => {
    const users = { rollout: { accessKeys: { AKIAROLLOUT: 'rollout-secret' }, policies: { least: grant } } };
    const iam = { users, accessKeys: { AKIAROOT: 'root-secret' } };
    const ended = { failed: false, said: '', used: [] as readonly string[] };
    const play = async (stage: Stage) => {
      let run = 100;
      for (const part of parts) {
        if (typeof part === 'function') {
          await part(stage);
          continue;
        }
        run += 1;
        const step = await stage.run({ inputs: { ...FAST, ...part }, variables: { GITHUB_RUN_ID: String(run) } });
        ended.failed = step.failures.length > 0;
        ended.said += [...step.failures, step.log, step.summary].join('\n');
        ended.used = [...ended.used, ...usedIn(step.calls)];
        if (ended.failed) return;
      }
    };
    await onStage(play, { ...options, iam }, { ...TREE, ...files });
    return ended;
  };

const change = (rate: number) => (stage: Stage) =>
  stage.write({ 'config/tenants/globex/dev/Limits.json': `{"rate": ${rate}}` });
const addSchema = (stage: Stage) => stage.write({ 'config/schemas/Limits.schema.json': '{ "type": "object" }' });
const later = (stage: Stage) => stage.clock.advance(80 * 3_600_000);

/** A profile whose content lives somewhere else. */
const elsewhere = (location: string, ...before: readonly Part[]): Story =>
  steps(
    [...before, { profiles: 'Elsewhere' }],
    {
      ssm: { parameters: { '/shop/limits': '{"rate": 1}' }, documents: { limits: '3' } },
      secretsmanager: { shop: { token: 'one' } },
    },
    {
      'config/appconfig.yml': `profiles:\n  Elsewhere:\n    location: ${location}\n    retrieval-role-arn: arn:aws:iam::${ACCOUNT}:role/read\n`,
    },
  );
const putObject = async (stage: Stage): Promise<void> => {
  const s3 = new S3Client({ ...stage.rootSettings, forcePathStyle: true });
  const Bucket = 'config-bucket';
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  await s3.send(new PutObjectCommand({ Bucket, Key: 'limits.json', Body: '{}' }));
  s3.destroy();
};

const rollout = steps([{}]);
const again = steps([{}, {}]);
const schema = steps([{}, change(2), addSchema, {}]);
const preview = steps([{}, change(2), { mode: 'preview' }]);
const inline = steps([{ strategy: '{ duration: 1m, growth: 50 }' }]);
const revert = steps([{}, { mode: 'revert' }]);
const removal = steps([{}, { strategy: '', environments: '', mode: 'cleanup', cleanup: 'all', confirm: 'all' }]);
const pruning = steps([{ 'keep-versions': '1' }, change(2), {}, change(3), {}, later, { 'keep-versions': '1' }]);
const parameter = elsewhere('ssm-parameter:///shop/limits');

judge(
  definition,
  { region: REGION, account: ACCOUNT },
  {
    'appconfig:ListApplications': fails(rollout),
    'appconfig:ListDeploymentStrategies': fails(inline),
    'appconfig:ListEnvironments': fails(again),
    'appconfig:ListConfigurationProfiles': fails(again),
    'appconfig:ListDeployments': fails(again),
    'appconfig:ListHostedConfigurationVersions': fails(again),
    'appconfig:GetDeployment': fails(rollout),
    'appconfig:GetConfigurationProfile': fails(schema),
    'appconfig:GetHostedConfigurationVersion': fails(preview),
    'appconfig:CreateHostedConfigurationVersion': fails(rollout),
    'appconfig:StartDeployment': fails(rollout),
    'appconfig:StopDeployment': fails(revert),
    'appconfig:UpdateConfigurationProfile': fails(schema),
    'appconfig:CreateApplication': fails(rollout),
    'appconfig:CreateDeploymentStrategy': fails(inline),
    'appconfig:CreateEnvironment': fails(rollout),
    'appconfig:CreateConfigurationProfile': fails(rollout),
    'appconfig:TagResource': unshown(
      'the action tags in the call that creates; whether AppConfig asks for this besides is not documented',
    ),
    'iam:PassRole': fails(parameter),
    'ssm:GetParameter': fails(parameter),
    'ssm:DescribeDocument': fails(elsewhere('ssm-document://limits')),
    'secretsmanager:DescribeSecret': fails(elsewhere('secretsmanager://shop')),
    // a HEAD is refused without a word
    's3:GetObject': fails(
      elsewhere('s3://config-bucket/limits.json', putObject),
      /the version of 's3:\/\/config-bucket\/limits.json' cannot be read: .*403/,
    ),
    'cloudwatch:DescribeAlarms': fails(
      steps([{ 'probe-alarms': 'errors' }], { cloudwatch: { alarms: { errors: {} } } }),
    ),
    'appconfig:ListTagsForResource': fails(removal),
    'appconfig:DeleteApplication': fails(removal),
    'appconfig:DeleteEnvironment': fails(removal),
    'appconfig:DeleteConfigurationProfile': fails(removal),
    'appconfig:DeleteHostedConfigurationVersion': goesOn(
      pruning,
      /old versions could not be deleted: .* not authorized/,
    ),
  },
);
