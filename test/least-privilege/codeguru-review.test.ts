import { definition } from '../../actions/codeguru-review/action.js';
import { ACCOUNT, BUCKET, Harness, type HarnessOptions, REGION } from '../../actions/codeguru-review/test/harness.js';
import {
  expectFailure,
  explainUnobservable,
  listUsedActions,
  type PermissionScenario,
  verifyPermissions,
} from './permission-harness.js';

type Inputs = Readonly<Record<string, string>>;

const SHA = 'c'.repeat(40);

/** Reviews a checkout with one file, and runs the post step. */
const runReview =
  (scenario: HarnessOptions, inputs: Inputs): PermissionScenario =>
  async (grant) => {
    const users = { ci: { accessKeys: { AKIACI: 'ci-secret' }, policies: { least: grant } } };
    const harness = await Harness.open({ ...scenario, iam: { users, accessKeys: { root: 'root' } } });
    try {
      harness.checkout.commit({ 'src/App.java': 'class App {}\n' });
      const step = await harness.run({ inputs, env: { GITHUB_SHA: SHA } });
      const after = await harness.post(step);
      const output = [...step.failures, step.log, step.summary, ...after].join('\n');
      const isDirty = after.some((each) => each.endsWith(' denied'));
      return { failed: step.failures.length > 0 || isDirty, output, usedActions: listUsedActions(step.calls) };
    } finally {
      await harness.close();
    }
  };

const association = { name: 'shop', bucket: BUCKET };
const reviewer = runReview(
  { 'codeguru-reviewer': { associations: [association] } },
  { 'findings-from': 'codeguru-reviewer' },
);
const inspector = runReview(
  { inspector2: { codeProjects: [{ name: 'octocat/shop', scanned: 'other', scan: { commit: SHA } }] } },
  { 'findings-from': 'inspector' },
);

const KEY = explainUnobservable(
  'S3 uses the KMS key with the caller’s permissions if the bucket has a customer managed one; local AWS has no KMS',
);

verifyPermissions(
  definition,
  { region: REGION, account: ACCOUNT },
  {
    'codeguru-reviewer:ListRepositoryAssociations': expectFailure(reviewer),
    'codeguru-reviewer:DescribeRepositoryAssociation': expectFailure(reviewer),
    'codeguru-reviewer:CreateCodeReview': expectFailure(reviewer),
    'codeguru-reviewer:DescribeCodeReview': expectFailure(reviewer),
    'codeguru-reviewer:ListRecommendations': expectFailure(reviewer),
    's3:GetBucketPolicyStatus': expectFailure(reviewer, /the role needs s3:GetBucketPolicyStatus/),
    's3:PutObject': expectFailure(reviewer),
    // CodeGuru Reviewer reads with the caller's permissions and reports what it cannot read.
    's3:GetObject': expectFailure(reviewer, /The object .* cannot be read/),
    's3:DeleteObject': expectFailure(reviewer, /DeleteObject denied/),
    'inspector2:ListCoverage': expectFailure(inspector),
    'inspector2:ListFindings': expectFailure(inspector),
    'inspector2:StartCodeSecurityScan': expectFailure(inspector),
    'inspector2:GetCodeSecurityScan': expectFailure(inspector),
    'kms:GenerateDataKey': KEY,
    'kms:Decrypt': KEY,
  },
);
