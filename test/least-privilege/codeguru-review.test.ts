import { definition } from '../../actions/codeguru-review/action.js';
import { ACCOUNT, BUCKET, REGION, Stage, type StageOptions } from '../../actions/codeguru-review/test/helpers/stage.js';
import { fails, judge, type Story, unshown, usedIn } from './judge.js';

type Inputs = Readonly<Record<string, string>>;

const SHA = 'c'.repeat(40);

/** One review of a checkout with one file, and its post step. */
const review =
  (scenario: StageOptions, inputs: Inputs): Story =>
  async (grant) => {
    const users = { ci: { accessKeys: { AKIACI: 'ci-secret' }, policies: { least: grant } } };
    const stage = await Stage.open({ ...scenario, iam: { users, accessKeys: { root: 'root' } } });
    try {
      stage.checkout.commit({ 'src/App.java': 'class App {}\n' });
      const step = await stage.run({ inputs, variables: { GITHUB_SHA: SHA } });
      const after = await stage.post(step);
      const said = [...step.failures, step.log, step.summary, ...after].join('\n');
      const isDirty = after.some((each) => each.endsWith(' denied'));
      return { failed: step.failures.length > 0 || isDirty, said, used: usedIn(step.calls) };
    } finally {
      await stage.close();
    }
  };

const association = { name: 'shop', bucket: BUCKET };
const reviewer = review(
  { 'codeguru-reviewer': { associations: [association] } },
  { 'findings-from': 'codeguru-reviewer' },
);
const inspector = review(
  { inspector2: { codeProjects: [{ name: 'octocat/shop', scanned: 'other', scan: { commit: SHA } }] } },
  { 'findings-from': 'inspector' },
);

const KEY = unshown(
  'S3 asks for it in the caller’s name, where a bucket has a key of one’s own; local AWS has no keys',
);

judge(
  definition,
  { region: REGION, account: ACCOUNT },
  {
    'codeguru-reviewer:ListRepositoryAssociations': fails(reviewer),
    'codeguru-reviewer:DescribeRepositoryAssociation': fails(reviewer),
    'codeguru-reviewer:CreateCodeReview': fails(reviewer),
    'codeguru-reviewer:DescribeCodeReview': fails(reviewer),
    'codeguru-reviewer:ListRecommendations': fails(reviewer),
    's3:GetBucketPolicyStatus': fails(reviewer, /the role needs s3:GetBucketPolicyStatus/),
    's3:PutObject': fails(reviewer),
    // CodeGuru Reviewer reads in the caller's name, and says what it cannot read
    's3:GetObject': fails(reviewer, /The object .* cannot be read/),
    's3:DeleteObject': fails(reviewer, /DeleteObject denied/),
    'inspector2:ListCoverage': fails(inspector),
    'inspector2:ListFindings': fails(inspector),
    'inspector2:StartCodeSecurityScan': fails(inspector),
    'inspector2:GetCodeSecurityScan': fails(inspector),
    'kms:GenerateDataKey': KEY,
    'kms:Decrypt': KEY,
  },
);
