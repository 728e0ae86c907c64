import { definition } from '../../actions/cloudformation-deploy/action.js';
import { ACCOUNT, REGION, Stage, scenario, things } from '../../actions/cloudformation-deploy/test/stage.js';
import { fails, goesOn, judge, type Story, unshown, usedIn } from './judge.js';

type Inputs = Readonly<Record<string, string>>;
interface Part {
  readonly inputs: Inputs;
  /** It is meant to fail: the next part goes on from there. */
  readonly isTrouble?: true;
}

const KEYS = { AWS_ACCESS_KEY_ID: 'AKIADEPLOYER', AWS_SECRET_ACCESS_KEY: 'deployer-secret' };
const trust = {
  Statement: {
    Effect: 'Allow' as const,
    Principal: { Service: 'cloudformation.amazonaws.com' },
    Action: 'sts:AssumeRole',
  },
};

/** Deploys one after the other; the first that fails, unless it is meant to, ends the story. */
const deploys =
  (...parts: readonly Part[]): Story =>
  async (grant) => {
    const users = { deployer: { accessKeys: { AKIADEPLOYER: 'deployer-secret' }, policies: { least: grant } } };
    const stage = await Stage.open({
      ...scenario,
      iam: { accessKeys: { AKIAROOT: 'root-secret' }, users, roles: { service: { trust } } },
      cloudformation: {
        ...scenario.cloudformation,
        rules: [...(scenario.cloudformation?.rules ?? []), INVALID],
        drift: [{ stack: 'shop', resource: 'A' }],
      },
    });
    Object.assign(process.env, KEYS);
    stage.write('page.txt', 'hello');
    let [failed, said, used] = [false, '', [] as readonly string[]];
    for (const { inputs, isTrouble } of parts) {
      const template = inputs['template']?.startsWith('{')
        ? stage.write('template.json', inputs['template'])
        : undefined;
      const run = await stage.deploy({ ...inputs, ...(template && { template }) }, { variables: KEYS });
      failed = run.failure !== undefined && isTrouble === undefined;
      said += [run.failure, run.log, run.summary].join('\n');
      used = [...used, ...usedIn(run.calls)];
      if (failed) break;
    }
    await stage.close();
    return { failed, said, used };
  };

/** Found before anything is made. */
const INVALID = {
  on: { property: { path: 'Mode', equals: 'invalid' } },
  fail: { reason: 'invalid is no mode', validation: 'PROPERTY_VALIDATION' },
};
const PRESERVE = { 'on-failure': 'preserve' };
const good = { inputs: { template: things({ A: 'good' }) } };
const bad = { inputs: { template: things({ A: 'good', B: 'bad' }), ...PRESERVE }, isTrouble: true } as const;
const packaged = {
  inputs: {
    template: JSON.stringify({
      Resources: { L: { Type: 'AWS::Serverless::LayerVersion', Properties: { ContentUri: 'page.txt' } } },
    }),
  },
};
const withInputs = (inputs: Inputs): Part => ({ inputs: { ...good.inputs, ...inputs } });

const creation = deploys(good);
const preview = deploys(good, { inputs: { template: things({ A: 'better' }), mode: 'preview' } });
const deletion = deploys(good, { inputs: { mode: 'delete' } });
const invalid = deploys({ inputs: { template: things({ A: 'invalid' }) }, isTrouble: true });
const failure = deploys(bad);
const retry = deploys(
  { inputs: { template: things({ A: 'flaky' }), ...PRESERVE, 'retry-attempts': '0' }, isTrouble: true },
  { inputs: { mode: 'retry', ...PRESERVE, 'retry-attempts': '3' } },
);
const rollback = deploys(good, { ...bad }, { inputs: { mode: 'rollback' } });
const stuck = deploys(
  { inputs: { template: things({ S: 'stuck', D: 'good' }) } },
  { inputs: { template: things({ S: 'other', D: 'bad' }) }, isTrouble: true },
  { inputs: { mode: 'rollback' } },
);
const drift = deploys(good, { inputs: { mode: 'drift' } });
const upload = deploys(packaged);

judge(
  definition,
  { region: REGION, account: ACCOUNT },
  {
    'cloudformation:DescribeStacks': fails(creation),
    'cloudformation:DescribeStackEvents': goesOn(failure, /DescribeStackEvents/),
    'cloudformation:GetTemplate': fails(deploys(good, { inputs: { template: 'previous', tags: 'a=b' } })),
    'sts:GetCallerIdentity': unshown('AWS allows it to everybody, even against a deny'),
    'cloudformation:CreateChangeSet': fails(creation),
    'cloudformation:DescribeChangeSet': fails(creation),
    'cloudformation:DeleteChangeSet': fails(preview),
    'cloudformation:ListChangeSets': fails(deploys(withInputs({ mode: 'preview' }))),
    'cloudformation:ExecuteChangeSet': fails(creation),
    'cloudformation:TagResource': unshown(
      'stack tags travel in the call that deploys; local AWS asks for that call alone',
    ),
    'cloudformation:DeleteStack': fails(deletion),
    // the change set's own word must do
    'cloudformation:DescribeEvents': goesOn(invalid, /^(?![\s\S]*invalid is no mode)/),
    'cloudformation:ListHookResults': unshown('local AWS has no hook results: a hook’s word is in the events'),
    'cloudformation:GetHookResult': unshown('local AWS has no hook results: a hook’s word is in the events'),
    'cloudformation:UpdateStack': fails(retry),
    'cloudformation:RollbackStack': fails(rollback),
    'cloudformation:ContinueUpdateRollback': fails(stuck),
    'cloudformation:CancelUpdateStack': goesOn(
      deploys(good, {
        inputs: { template: things({ A: 'better' }), timeout: '3s', 'on-timeout': 'cancel-update' },
        isTrouble: true,
      }),
      /not authorized to perform: cloudformation:CancelUpdateStack/,
    ),
    'cloudformation:SetStackPolicy': fails(deploys(withInputs({ 'stack-policy': '{"Statement":[]}' }))),
    'cloudformation:UpdateTerminationProtection': fails(deploys(withInputs({ 'termination-protection': 'true' }))),
    'cloudformation:DetectStackDrift': fails(drift),
    'cloudformation:DetectStackResourceDrift': unshown('CloudFormation asks for it in the caller’s name'),
    'cloudformation:DescribeStackDriftDetectionStatus': fails(drift),
    'cloudformation:DescribeStackResourceDrifts': fails(drift),
    'iam:PassRole': fails(deploys(withInputs({ 'role-arn': `arn:aws:iam::${ACCOUNT}:role/service` }))),
    's3:GetObject': fails(upload),
    's3:PutObject': fails(upload),
    's3:CreateBucket': fails(upload),
    // a HEAD is refused without a word
    's3:ListBucket': fails(upload, /this role may not see it \(s3:ListBucket\)/),
    's3:PutBucketPublicAccessBlock': fails(upload),
    's3:PutEncryptionConfiguration': fails(upload),
    's3:GetBucketTagging': fails(deploys(packaged, packaged)),
    's3:PutBucketTagging': fails(upload),
  },
);
