import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { definition } from '../../actions/cloudformation-deploy/action.js';
import { createDockerArchive, LOAD_COMMAND } from '../../actions/cloudformation-deploy/test/assets/docker-archive.js';
import {
  ACCOUNT,
  REGION,
  renderThings,
  scenario,
  TestHarness,
} from '../../actions/cloudformation-deploy/test/harness.js';
import { createImage } from '../../packages/oci/test/image-fixtures.js';
import {
  expectContinuation,
  expectFailure,
  explainUnobservable,
  listUsedActions,
  type PermissionScenario,
  verifyPermissions,
} from './permission-harness.js';

type Inputs = Readonly<Record<string, string>>;
interface DeployStep {
  readonly inputs: Inputs;
  /** The run is expected to fail; the next step continues. */
  readonly mustFail?: true;
}

const KEYS = { AWS_ACCESS_KEY_ID: 'AKIADEPLOYER', AWS_SECRET_ACCESS_KEY: 'deployer-secret' };
const trust = {
  Statement: {
    Effect: 'Allow' as const,
    Principal: { Service: 'cloudformation.amazonaws.com' },
    Action: 'sts:AssumeRole',
  },
};

/** A role like those of the CDK's bootstrap stack. */
const assemblyRole = {
  trust: {
    Statement: {
      Effect: 'Allow' as const,
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
      Action: ['sts:AssumeRole', 'sts:TagSession'],
    },
  },
  policies: { deploy: { Statement: { Effect: 'Allow' as const, Action: ['cloudformation:*'], Resource: '*' } } },
};

/** Writes a cloud assembly of one stack. */
const writeAssembly = (workspace: string, properties: string): string => {
  const directory = mkdtempSync(join(workspace, 'assembly-'));
  const stack = {
    type: 'aws:cloudformation:stack',
    environment: 'aws://unknown-account/unknown-region',
    dependencies: ['assets'],
    properties: { templateFile: 'a.json', ...JSON.parse(properties) },
  };
  const assets = { type: 'cdk:asset-manifest', properties: { file: 'assets.json' } };
  const image = {
    source: { executable: [...LOAD_COMMAND, 'image.tar'] },
    destinations: { current: { repositoryName: 'cdk-images', imageTag: 'a' } },
  };
  const hasImage = Object.hasOwn(JSON.parse(properties), 'bootstrapStackVersionSsmParameter');
  const files = {
    'manifest.json': { version: '55.0.0', artifacts: { shop: stack, assets } },
    'assets.json': { version: '55.0.0', ...(hasImage ? { dockerImages: { image } } : {}) },
    'a.json': JSON.parse(renderThings({ A: 'good' })),
  };
  writeFileSync(join(directory, 'image.tar'), createDockerArchive(createImage()));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), JSON.stringify(content));
  return directory;
};

/** Runs the action for each step, until one fails that is not expected to. */
const runDeploys =
  (...steps: readonly DeployStep[]): PermissionScenario =>
  async (grant) => {
    const users = { deployer: { accessKeys: { AKIADEPLOYER: 'deployer-secret' }, policies: { least: grant } } };
    const harness = await TestHarness.open({
      ...scenario,
      iam: {
        accessKeys: { AKIAROOT: 'root-secret' },
        users,
        roles: {
          service: { trust },
          'cdk-deploy': assemblyRole,
        },
      },
      ssm: { parameters: { '/cdk-bootstrap/version': '25' } },
      ecr: { repositories: { 'cdk-images': {} } },
      cloudformation: {
        ...scenario.cloudformation,
        rules: [...(scenario.cloudformation?.rules ?? []), INVALID],
        drift: [{ stack: 'shop', resource: 'A' }],
        stackSets: {
          ...scenario.cloudformation?.stackSets,
          duration: '4s',
          rules: [{ on: { account: '444444444444', attempts: [1], action: 'CREATE' }, reason: 'Failed for the test' }],
        },
      },
    });
    Object.assign(process.env, KEYS);
    harness.write('page.txt', 'hello');
    let [failed, output, usedActions] = [false, '', [] as readonly string[]];
    for (const { inputs, mustFail } of steps) {
      const template = inputs['template']?.startsWith('{')
        ? harness.write('template.json', inputs['template'])
        : undefined;
      const assembly = inputs['assembly'] && writeAssembly(harness.workspace, inputs['assembly']);
      const values = { ...inputs, ...(template && { template }), ...(assembly && { assembly, name: '' }) };
      const run = await harness.deploy(values, { env: KEYS });
      failed = run.failure !== undefined && mustFail === undefined;
      output += [run.failure, run.log, run.summary].join('\n');
      usedActions = [...usedActions, ...listUsedActions(run.calls)];
      if (failed) break;
    }
    await harness.close();
    return { failed, output, usedActions };
  };

/** A validation error that the change set reports. */
const INVALID = {
  on: { property: { path: 'Mode', equals: 'invalid' } },
  fail: { reason: 'invalid is no mode', validation: 'PROPERTY_VALIDATION' },
};
const PRESERVE = { 'on-failure': 'preserve' };
const good = { inputs: { template: renderThings({ A: 'good' }) } };
const bad = { inputs: { template: renderThings({ A: 'good', B: 'bad' }), ...PRESERVE }, mustFail: true } as const;
const packaged = {
  inputs: {
    template: JSON.stringify({
      Transform: 'AWS::Serverless-2016-10-31',
      Resources: { L: { Type: 'AWS::Serverless::LayerVersion', Properties: { ContentUri: 'page.txt' } } },
    }),
  },
};
const withInputs = (inputs: Inputs): DeployStep => ({ inputs: { ...good.inputs, ...inputs } });

const creation = runDeploys(good);
const preview = runDeploys(good, { inputs: { template: renderThings({ A: 'better' }), mode: 'preview' } });
const deletion = runDeploys(good, { inputs: { mode: 'delete' } });
const invalid = runDeploys({ inputs: { template: renderThings({ A: 'invalid' }) }, mustFail: true });
const failure = runDeploys(bad);
const retry = runDeploys(
  { inputs: { template: renderThings({ A: 'flaky' }), ...PRESERVE, 'retry-attempts': '0' }, mustFail: true },
  { inputs: { mode: 'retry', ...PRESERVE, 'retry-attempts': '3' } },
);
const rollback = runDeploys(good, { ...bad }, { inputs: { mode: 'rollback' } });
const stuck = runDeploys(
  { inputs: { template: renderThings({ S: 'stuck', D: 'good' }) } },
  { inputs: { template: renderThings({ S: 'other', D: 'bad' }) }, mustFail: true },
  { inputs: { mode: 'rollback' } },
);
const drift = runDeploys(good, { inputs: { mode: 'drift' } });
const upload = runDeploys(packaged);
const deployAssembly = (properties: Readonly<Record<string, unknown>>): DeployStep => ({
  inputs: { assembly: JSON.stringify(properties) },
});
const assemblyWithRole = deployAssembly({
  assumeRoleArn: `arn:aws:iam::${ACCOUNT}:role/cdk-deploy`,
  assumeRoleAdditionalOptions: { Tags: [{ Key: 'team', Value: 'shop' }] },
});
const assemblyWithImage = deployAssembly({
  requiresBootstrapStackVersion: 6,
  bootstrapStackVersionSsmParameter: '/cdk-bootstrap/version',
});

const SET = { accounts: '111111111111', regions: REGION };
const setStep = (inputs: Inputs): DeployStep => ({ inputs: { ...good.inputs, ...SET, ...inputs } });
const setCreation = runDeploys(setStep({}));
const setUpdate = runDeploys(setStep({}), setStep({ template: renderThings({ A: 'better' }) }));
const setRetry = runDeploys(
  { ...setStep({ accounts: '444444444444' }), mustFail: true },
  { inputs: { ...SET, accounts: '444444444444', mode: 'retry' } },
);
const setDeletion = runDeploys(setStep({}), { inputs: { ...SET, mode: 'delete' } });
const setOverrides = runDeploys(setStep({}), setStep({ 'parameter-overrides-by-target': '{}' }));
const setTimeout = runDeploys({
  ...setStep({ accounts: '555555555555', timeout: '1s', 'on-timeout': 'cancel-update' }),
  mustFail: true,
});
const UNITS = { 'organizational-units': 'ou-abcd-11111111', regions: REGION };

verifyPermissions(
  definition,
  { region: REGION, account: ACCOUNT },
  {
    'cloudformation:DescribeStacks': expectFailure(creation),
    'cloudformation:DescribeStackEvents': expectContinuation(failure, /DescribeStackEvents/),
    'cloudformation:GetTemplate': expectFailure(runDeploys(good, { inputs: { template: 'previous', tags: 'a=b' } })),
    'sts:GetCallerIdentity': explainUnobservable(
      'AWS allows GetCallerIdentity to every principal, even with an explicit deny',
    ),
    'cloudformation:CreateChangeSet': expectFailure(creation),
    'cloudformation:DescribeChangeSet': expectFailure(creation),
    'cloudformation:DeleteChangeSet': expectFailure(preview),
    'cloudformation:ListChangeSets': expectFailure(runDeploys(withInputs({ mode: 'preview' }))),
    'cloudformation:ExecuteChangeSet': expectFailure(creation),
    'cloudformation:TagResource': explainUnobservable(
      'stack tags are part of the deploying call, and local AWS checks only that call’s permission',
    ),
    'cloudformation:DeleteStack': expectFailure(deletion),
    // Without DescribeEvents, only the change set's status reason is reported.
    'cloudformation:DescribeEvents': expectContinuation(invalid, /^(?![\s\S]*invalid is no mode)/),
    'cloudformation:ListHookResults': explainUnobservable(
      'local AWS has no hook results; a hook’s message is in the events',
    ),
    'cloudformation:GetHookResult': explainUnobservable(
      'local AWS has no hook results; a hook’s message is in the events',
    ),
    'cloudformation:UpdateStack': expectFailure(retry),
    'cloudformation:RollbackStack': expectFailure(rollback),
    'cloudformation:ContinueUpdateRollback': expectFailure(stuck),
    'cloudformation:CancelUpdateStack': expectContinuation(
      runDeploys(good, {
        inputs: { template: renderThings({ A: 'better' }), timeout: '3s', 'on-timeout': 'cancel-update' },
        mustFail: true,
      }),
      /not authorized to perform: cloudformation:CancelUpdateStack/,
    ),
    'cloudformation:SetStackPolicy': expectFailure(runDeploys(withInputs({ 'stack-policy': '{"Statement":[]}' }))),
    'cloudformation:UpdateTerminationProtection': expectFailure(
      runDeploys(withInputs({ 'termination-protection': 'true' })),
    ),
    'cloudformation:DetectStackDrift': expectFailure(drift),
    'cloudformation:DetectStackResourceDrift': explainUnobservable(
      'CloudFormation makes the call with the caller’s permissions',
    ),
    'cloudformation:DescribeStackDriftDetectionStatus': expectFailure(drift),
    'cloudformation:DescribeStackResourceDrifts': expectFailure(drift),
    'organizations:ListDelegatedAdministrators': explainUnobservable(
      'CloudFormation checks it for delegated administrators, whom Local AWS does not tell from others',
    ),
    'cloudformation:DescribeStackSet': expectFailure(setCreation),
    'cloudformation:CreateStackSet': expectFailure(setCreation),
    'cloudformation:CreateStackInstances': expectFailure(setCreation),
    'cloudformation:ListStackInstances': expectFailure(setCreation),
    'cloudformation:ListStackSetOperations': expectFailure(setCreation),
    'cloudformation:DescribeStackSetOperation': expectFailure(setCreation),
    'cloudformation:ListStackSetOperationResults': expectFailure(setCreation),
    'cloudformation:UpdateStackSet': expectFailure(setUpdate),
    'cloudformation:UpdateStackInstances': expectFailure(setRetry),
    'cloudformation:DeleteStackInstances': expectFailure(setDeletion),
    'cloudformation:DeleteStackSet': expectFailure(setDeletion),
    'cloudformation:DescribeStackInstance': expectFailure(setOverrides),
    'cloudformation:DetectStackSetDrift': expectFailure(runDeploys(setStep({}), { inputs: { ...SET, mode: 'drift' } })),
    'cloudformation:StopStackSetOperation': expectContinuation(
      setTimeout,
      /not authorized to perform: cloudformation:StopStackSetOperation/,
    ),
    'cloudformation:ListStackSetAutoDeploymentTargets': expectContinuation(
      runDeploys({ inputs: { ...good.inputs, ...UNITS } }, { inputs: { ...good.inputs, ...UNITS } }),
      /units are known only by their instances/,
    ),
    'iam:PassRole': expectFailure(runDeploys(withInputs({ 'role-arn': `arn:aws:iam::${ACCOUNT}:role/service` }))),
    'sts:AssumeRole': expectFailure(runDeploys(assemblyWithRole)),
    'sts:TagSession': expectFailure(runDeploys(assemblyWithRole)),
    'ssm:GetParameter': expectFailure(runDeploys(assemblyWithImage), /cannot read the bootstrap version/),
    'ecr:DescribeImages': expectFailure(runDeploys(assemblyWithImage)),
    // A HEAD response has no body, so the error does not name the permission.
    'ecr:BatchCheckLayerAvailability': expectFailure(runDeploys(assemblyWithImage), /status 403/),
    'ecr:InitiateLayerUpload': expectFailure(runDeploys(assemblyWithImage)),
    'ecr:UploadLayerPart': explainUnobservable(
      'the action uploads a layer in one request; whether ECR checks it then is not documented, and local AWS does not',
    ),
    'ecr:CompleteLayerUpload': expectFailure(runDeploys(assemblyWithImage)),
    'ecr:PutImage': expectFailure(runDeploys(assemblyWithImage)),
    'ecr:GetAuthorizationToken': expectFailure(runDeploys(assemblyWithImage)),
    's3:GetObject': expectFailure(upload),
    's3:PutObject': expectFailure(upload),
    's3:CreateBucket': expectFailure(upload),
    // A HEAD response has no body, so the error does not name the permission.
    's3:ListBucket': expectFailure(upload, /the role lacks s3:ListBucket/),
    's3:PutBucketPublicAccessBlock': expectFailure(upload),
    's3:PutEncryptionConfiguration': expectFailure(upload),
    's3:GetBucketTagging': expectFailure(runDeploys(packaged, packaged)),
    's3:PutBucketTagging': expectFailure(upload),
  },
);
