import { definition } from '../../actions/ecr-push/action.js';
import {
  ACCOUNT,
  defaultImage,
  onStage,
  REGION,
  type StageOptions,
} from '../../actions/ecr-push/test/helpers/stage.js';
import { fails, judge, type Story, unshown, usedIn } from './judge.js';

type Inputs = Readonly<Record<string, string>>;

/** Steps one after the other; the first that fails ends the story. */
const steps =
  (steps: readonly Inputs[], options: StageOptions = {}): Story =>
  (grant) => {
    const users = { pusher: { accessKeys: { AKIAPUSH: 'push-secret' }, policies: { least: grant } } };
    const iam = { accessKeys: { root: 'root' }, users };
    return onStage({ ...options, iam }, async (stage) => {
      const source = await stage.layout('build', defaultImage);
      const ended = { failures: [] as readonly string[], said: '', used: [] as readonly string[] };
      for (const inputs of steps) {
        const filled = Object.entries({ source, repository: 'app', tags: '1.0', ...inputs });
        const named = filled.map(([name, value]) => [
          name,
          value.replace('HOST', stage.host).replace('PORT', new URL(stage.aws.url).port),
        ]);
        const { failures, log, memory, calls } = await stage.run({ inputs: Object.fromEntries(named) });
        ended.failures = [...ended.failures, ...failures];
        ended.said += [...failures, log, memory.summary()].join('\n');
        ended.used = [...ended.used, ...usedIn(calls)];
        if (failures.length > 0) break;
      }
      return { failed: ended.failures.length > 0, said: ended.said, used: ended.used };
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
const scanned = (type: 'BASIC' | 'ENHANCED', scan: string): Story =>
  steps([{ scan }], { oneClock: true, ecr: { repositories: { app: {} }, scanning: { type } } });

const push = steps([{}]);
const copy = steps([{}, { source: 'docker://HOST/app:1.0', repository: 'web' }]);
const create = steps([SETTINGS]);
const fix = steps([{ ...SETTINGS, repository: 'app', 'on-drift': 'fix' }]);
const immutable = steps([{ 'tag-mutability': 'IMMUTABLE' }]);
const basic = scanned('BASIC', 'basic');
const enhanced = scanned('ENHANCED', 'enhanced');

const pushPublic = steps(
  [{ 'registry-type': 'public', 'registry-endpoint': 'http://public.ecr.localhost:PORT', repository: 'octo/app' }],
  { 'ecr-public': { repositories: ['octo/app'] } },
);

/** A HEAD is refused without a word. */
const WORDLESS = /blob sha256:\w+ of [\w/]+: the registry answered 403/;
const PARTS = unshown(
  'the action sends a layer in one request; whether ECR asks for it then is not documented, and local AWS does not',
);

judge(
  definition,
  { region: REGION, account: ACCOUNT },
  {
    'ecr:GetAuthorizationToken': fails(push),
    'ecr:BatchGetImage': fails(push),
    'ecr:BatchCheckLayerAvailability': fails(push, WORDLESS),
    'ecr:InitiateLayerUpload': fails(push),
    'ecr:UploadLayerPart': PARTS,
    'ecr:CompleteLayerUpload': fails(push),
    'ecr:PutImage': fails(push),
    'ecr:DescribeRepositories': fails(immutable),
    'ecr:GetDownloadUrlForLayer': fails(copy),
    'ecr:CreateRepository': fails(create),
    'ecr:TagResource': fails(create),
    'ecr:PutLifecyclePolicy': fails(create),
    'ecr:SetRepositoryPolicy': fails(create),
    'ecr:GetLifecyclePolicy': fails(fix),
    'ecr:GetRepositoryPolicy': fails(fix),
    'ecr:ListTagsForResource': fails(fix),
    'ecr:PutImageTagMutability': fails(fix),
    'ecr:PutImageScanningConfiguration': fails(fix),
    'ecr:DescribeImageScanFindings': fails(basic),
    'ecr:StartImageScan': fails(basic),
    'inspector2:ListCoverage': fails(enhanced),
    'inspector2:ListFindings': fails(enhanced),
    'ecr:GetRegistryScanningConfiguration': fails(scanned('BASIC', 'auto')),
    'ecr-public:GetAuthorizationToken': fails(pushPublic),
    'sts:GetServiceBearerToken': fails(pushPublic),
    'ecr-public:BatchCheckLayerAvailability': fails(pushPublic, WORDLESS),
    'ecr-public:InitiateLayerUpload': fails(pushPublic),
    'ecr-public:UploadLayerPart': PARTS,
    'ecr-public:CompleteLayerUpload': fails(pushPublic),
    'ecr-public:PutImage': fails(pushPublic),
  },
);
