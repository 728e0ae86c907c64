import { definition } from '../../actions/ecr-push/action.js';
import {
  ACCOUNT,
  defaultImage,
  type HarnessOptions,
  REGION,
  withHarness,
} from '../../actions/ecr-push/test/harness.js';
import {
  expectFailure,
  explainUnobservable,
  listUsedActions,
  type PermissionScenario,
  verifyPermissions,
} from './permission-harness.js';

type Inputs = Readonly<Record<string, string>>;

/** Runs the action for each step, until one fails. */
const runSteps =
  (stepInputs: readonly Inputs[], options: HarnessOptions = {}): PermissionScenario =>
  (grant) => {
    const users = { pusher: { accessKeys: { AKIAPUSH: 'push-secret' }, policies: { least: grant } } };
    const iam = { accessKeys: { root: 'root' }, users };
    return withHarness({ ...options, iam }, async (harness) => {
      const source = await harness.writeLayout('build', defaultImage);
      const outcome = { failures: [] as readonly string[], output: '', usedActions: [] as readonly string[] };
      for (const inputs of stepInputs) {
        const entries = Object.entries({ source, repository: 'app', tags: '1.0', ...inputs });
        const resolved = entries.map(([name, value]) => [
          name,
          value.replace('HOST', harness.host).replace('PORT', new URL(harness.aws.url).port),
        ]);
        const { failures, log, recorded, calls } = await harness.run({ inputs: Object.fromEntries(resolved) });
        outcome.failures = [...outcome.failures, ...failures];
        outcome.output += [...failures, log, recorded.summary()].join('\n');
        outcome.usedActions = [...outcome.usedActions, ...listUsedActions(calls)];
        if (failures.length > 0) break;
      }
      return { failed: outcome.failures.length > 0, output: outcome.output, usedActions: outcome.usedActions };
    });
  };

const POLICY = JSON.stringify({ rules: [] });
const SETTINGS: Inputs = {
  repository: 'new',
  'create-repository': 'true',
  'scan-on-push': 'true',
  'tag-mutability': 'IMMUTABLE',
  'lifecycle-policy': POLICY,
  'repository-policy': POLICY,
  'repository-tags': 'team=red',
};
const runScan = (type: 'BASIC' | 'ENHANCED', scan: string): PermissionScenario =>
  runSteps([{ scan }], { oneClock: true, ecr: { repositories: { app: {} }, scanning: { type } } });

const push = runSteps([{}]);
const copy = runSteps([{}, { source: 'docker://HOST/app:1.0', repository: 'web' }]);
const promote = runSteps([{}, { source: 'docker://HOST/app:1.0', repository: 'web', 'copy-referrers': 'true' }]);
const replicate = runSteps([{ 'wait-for-replication': 'true' }], {
  oneClock: true,
  ecr: { repositories: { app: {} }, replication: [{ region: 'eu-central-1' }] },
});
const create = runSteps([SETTINGS]);
const fix = runSteps([{ ...SETTINGS, repository: 'app', 'on-drift': 'fix' }]);
const immutable = runSteps([{ 'tag-mutability': 'IMMUTABLE' }]);
const basic = runScan('BASIC', 'basic');
const enhanced = runScan('ENHANCED', 'enhanced');

const pushPublic = runSteps(
  [{ 'registry-type': 'public', 'registry-endpoint': 'http://public.ecr.localhost:PORT', repository: 'octo/app' }],
  { 'ecr-public': { repositories: ['octo/app'] } },
);

const createPublic = runSteps(
  [
    {
      'registry-type': 'public',
      'registry-endpoint': 'http://public.ecr.localhost:PORT',
      repository: 'octo/new',
      'create-repository': 'true',
      'repository-tags': 'team=red',
    },
  ],
  { 'ecr-public': { repositories: ['octo/app'] } },
);

/** A HEAD response has no body, so the error does not name the permission. */
const STATUS_ONLY = /blob sha256:\w+ of [\w/]+: the registry returned status 403/;
const LAYER_PARTS = explainUnobservable(
  'the action uploads a layer in one request; whether ECR checks it then is not documented, and local AWS does not',
);

verifyPermissions(
  definition,
  { region: REGION, account: ACCOUNT },
  {
    'ecr:GetAuthorizationToken': expectFailure(push),
    'ecr:BatchGetImage': expectFailure(push),
    'ecr:BatchCheckLayerAvailability': expectFailure(push, STATUS_ONLY),
    'ecr:InitiateLayerUpload': expectFailure(push),
    'ecr:UploadLayerPart': LAYER_PARTS,
    'ecr:CompleteLayerUpload': expectFailure(push),
    'ecr:PutImage': expectFailure(push),
    'ecr:DescribeRepositories': expectFailure(immutable),
    'ecr:GetDownloadUrlForLayer': expectFailure(copy),
    'ecr:ListImageReferrers': expectFailure(promote),
    'ecr:DescribeImageReplicationStatus': expectFailure(replicate),
    'ecr:CreateRepository': expectFailure(create),
    'ecr:TagResource': expectFailure(create),
    'ecr:PutLifecyclePolicy': expectFailure(create),
    'ecr:SetRepositoryPolicy': expectFailure(create),
    'ecr:GetLifecyclePolicy': expectFailure(fix),
    'ecr:GetRepositoryPolicy': expectFailure(fix),
    'ecr:ListTagsForResource': expectFailure(fix),
    'ecr:PutImageTagMutability': expectFailure(fix),
    'ecr:PutImageScanningConfiguration': expectFailure(fix),
    'ecr:DescribeImageScanFindings': expectFailure(basic),
    'ecr:StartImageScan': expectFailure(basic),
    'inspector2:ListCoverage': expectFailure(enhanced),
    'inspector2:ListFindings': expectFailure(enhanced),
    'ecr:GetRegistryScanningConfiguration': expectFailure(runScan('BASIC', 'auto')),
    'ecr-public:GetAuthorizationToken': expectFailure(pushPublic),
    'sts:GetServiceBearerToken': expectFailure(pushPublic),
    'ecr-public:CreateRepository': expectFailure(createPublic),
    'ecr-public:TagResource': expectFailure(createPublic),
    'ecr-public:BatchCheckLayerAvailability': expectFailure(pushPublic, STATUS_ONLY),
    'ecr-public:InitiateLayerUpload': expectFailure(pushPublic),
    'ecr-public:UploadLayerPart': LAYER_PARTS,
    'ecr-public:CompleteLayerUpload': expectFailure(pushPublic),
    'ecr-public:PutImage': expectFailure(pushPublic),
  },
);
