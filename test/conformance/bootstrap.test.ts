import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ACCOUNT, Account, outcomeOf } from './account.js';
import { Bootstrapped, type Claims, type Ending } from './bootstrapped.js';
import { hasMiniStack, type JudgeName, sayWhatIsMissing } from './judge.js';
import type { Inputs } from './workplace.js';

sayWhatIsMissing('the bootstrap');

const DEPLOY: Claims = { environment: 'production' };
const PREVIEW: Claims = { event_name: 'pull_request' };
const IDS = 'repo:octocat@123456/my-repo@456789';

const ends = ({ outcome, said }: Ending, expected: string, why: RegExp = /^/) => {
  expect(`${outcome}: ${said}`).toMatch(new RegExp(`^${expected}: `));
  expect(said).toMatch(why);
};

const judges: readonly JudgeName[] = hasMiniStack ? ['local AWS', 'MiniStack'] : ['local AWS'];

describe.each(judges)('an account that examples/bootstrap has set up, as %s has it', (judge) => {
  let account: Bootstrapped;
  const isLocal = judge === 'local AWS';
  const serviceRole = (): Inputs => ({ 'role-arn': account.outputs['ServiceRoleArn'] ?? '' });
  const shop = (inputs: Inputs = {}) =>
    ['cloudformation-deploy', { template: 'shop.yml', ...serviceRole(), ...inputs }] as const;

  beforeAll(async () => {
    account = await Bootstrapped.open(judge);
    // MiniStack makes no AWS::IAM::OIDCProvider, and asks for none
    const result = await account.deploy({ IdentityProvider: isLocal ? 'create' : 'existing' });
    expect({ outcome: result.outcome, log: result.log }).toEqual({ outcome: 'success', log: expect.anything() });
  });

  afterAll(() => account[Symbol.asyncDispose]());

  it('tells what workflows need to know', () => {
    const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/delivery-${name}`;
    expect(account.outputs).toMatchObject({
      DeployRoleArn: role('deploy'),
      PreviewRoleArn: role('preview'),
      ServiceRoleArn: role('cloudformation'),
      BoundaryArn: `arn:aws:iam::${ACCOUNT}:policy/delivery-boundary`,
      RolePath: '/delivery/',
      ArtifactBucketName: `aws-delivery-${ACCOUNT}-eu-west-1`,
    });
  });

  it.each<[string, Claims]>([
    ['names', DEPLOY],
    ['ids', { ...DEPLOY, sub: `${IDS}:environment:production` }],
  ])('lets jobs of the environment deploy, by a subject of %s', async (_, claims) => {
    const name = account.stackName();
    const created = await account.run('DeployRoleArn', claims, [shop({ name })]);
    ends(created, 'success');
    expect(created.outputs['stack-status']).toBe('CREATE_COMPLETE');
    const deleted = await account.run('DeployRoleArn', claims, [
      shop({ name, parameters: 'Delay=5' }),
      ['cloudformation-deploy', { name, mode: 'delete' }],
    ]);
    ends(deleted, 'success');
  });

  it.each<[string, Claims]>([
    ['another environment', { environment: 'staging' }],
    ['a branch', { ref: 'refs/heads/main' }],
    ['a pull request', PREVIEW],
    ['another repository', { ...DEPLOY, repository: 'octocat/other' }],
    ['another owner', { ...DEPLOY, repository: 'octocats/my-repo' }],
    ['a new repository of the same name', { sub: 'repo:octocat@123456/my-repo@999:environment:production' }],
  ])('does not let %s deploy', async (_, claims) => {
    const refused = await account.run('DeployRoleArn', claims, []);
    ends(refused, 'failure', /Not authorized to perform sts:AssumeRoleWithWebIdentity/);
  });

  it.each<[string, Claims]>([
    ['the environment', DEPLOY],
    ['a branch', { ref: 'refs/heads/main' }],
    ["somebody else's pull request", { ...PREVIEW, repository: 'octocat/other' }],
  ])('does not let %s preview', async (_, claims) => {
    const refused = await account.run('PreviewRoleArn', claims, []);
    ends(refused, 'failure', /Not authorized to perform sts:AssumeRoleWithWebIdentity/);
  });

  describe('in a pull request', () => {
    const name = 'previewed';
    beforeAll(async () => ends(await account.run('DeployRoleArn', DEPLOY, [shop({ name })]), 'success'));

    it.each<[string, Claims]>([
      ['names', PREVIEW],
      ['ids', { ...PREVIEW, sub: `${IDS}:pull_request` }],
    ])('shows what would change, by a subject of %s', async (_, claims) => {
      const seen = await account.run('PreviewRoleArn', claims, [
        shop({ name, mode: 'preview', parameters: 'Delay=5' }),
      ]);
      ends(seen, 'success');
      expect(seen.outputs).toMatchObject({ 'has-changes': 'true', 'stack-status': 'CREATE_COMPLETE' });
    });

    it('shows what a new stack would be, and leaves it empty for the first deployment', async () => {
      const fresh = account.stackName();
      const seen = await account.run('PreviewRoleArn', PREVIEW, [shop({ name: fresh, mode: 'preview' })]);
      ends(seen, 'success', new RegExp(`stack ${fresh} stays, empty, in REVIEW_IN_PROGRESS`));
      expect(seen.outputs['has-changes']).toBe('true');
      ends(await account.run('DeployRoleArn', DEPLOY, [shop({ name: fresh })]), 'success');
    });

    it('shows what a rollout of configuration would be, and does not roll it out', async () => {
      const tree = { tree: 'config', environments: 'dev' };
      ends(
        await account.run('PreviewRoleArn', PREVIEW, [['appconfig-rollout', { ...tree, mode: 'preview' }]]),
        'success',
      );
      const refused = await account.run('PreviewRoleArn', PREVIEW, [['appconfig-rollout', tree]]);
      ends(refused, 'failure', /not authorized to perform: appconfig:CreateApplication/);
    });

    describe('with a large template', () => {
      const large = (inputs: Inputs) => {
        account.place.write('large.yml', `${'#'.repeat(60_000)}\nResources: { Queue: { Type: AWS::SQS::Queue } }\n`);
        const bucket = { 's3-bucket': account.outputs['ArtifactBucketName'] ?? '', ...inputs };
        return account.run('PreviewRoleArn', PREVIEW, [
          shop({ name, mode: 'preview', template: 'large.yml', ...bucket }),
        ]);
      };

      it('stores it beside the artifacts of deployments, where the bucket is reached by TLS', async () => {
        const seen = await large({ 's3-prefix': 'preview' });
        // local AWS judges no bucket policy, and nothing here is reached by TLS
        if (isLocal) ends(seen, 'success');
        else ends(seen, 'failure', /s3:PutObject on resource: .* with an explicit deny in a resource-based policy/);
      });

      it('does not store it among the artifacts of deployments', async () => {
        ends(await large({}), 'failure', /not authorized to perform: s3:PutObject/);
      });
    });

    it.each<[string, Inputs]>([
      ['cloudformation:ExecuteChangeSet', { parameters: 'Delay=7' }],
      ['cloudformation:DeleteStack', { mode: 'delete' }],
      ['cloudformation:UpdateTerminationProtection', { 'termination-protection': 'true' }],
    ])('has no %s', async (permission, inputs) => {
      const refused = await account.run('PreviewRoleArn', PREVIEW, [shop({ name, ...inputs })]);
      ends(refused, 'failure', new RegExp(`not authorized to perform: ${permission}`));
    });
  });

  it('gives the deploy role no rights to resources', async () => {
    await using job = account.job(DEPLOY);
    await job.run(account.enter('DeployRoleArn'));
    const { AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '', AWS_SESSION_TOKEN = '' } = job.exported;
    const keys = { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY };
    const session = new Account(account.url, { ...keys, sessionToken: AWS_SESSION_TOKEN });
    const made = session.s3.send(new CreateBucketCommand({ Bucket: 'of-my-own' }));
    await expect(outcomeOf(made)).resolves.toMatch(/^AccessDenied: .*not authorized to perform: s3:CreateBucket/);
    session.destroy();
  });

  it('is delivered to by the deploy role, with each action that delivers', async () => {
    const source = await account.image();
    const rollout = { tree: 'config', environments: 'dev', 'on-failure': 'stop' };
    const strategy = '{ name: at-once, duration: 0, growth: 100, bake: 0 }';
    // MiniStack has no Health, and takes DescribeRepositories for a call on all repositories whatever it names
    const locally = [
      ['health-gate', { services: 'SQS' }],
      ['ecr-push', { source, repository: 'shop/app', tags: '1.0', 'create-repository': 'true' }],
    ] as const;
    const delivered = await account.run('DeployRoleArn', DEPLOY, [
      ...(isLocal ? locally : []),
      shop({ name: account.stackName() }),
      ['appconfig-rollout', { ...rollout, strategy }],
    ]);
    ends(delivered, 'success');
  });

  // MiniStack asks for no iam:PassRole and makes every resource as root: the service role is for local AWS to judge
  (isLocal ? describe : describe.skip)('CloudFormation', () => {
    it('lets no deployment hand over another role', async () => {
      const other = `arn:aws:iam::${ACCOUNT}:role/delivery-deploy`;
      const refused = await account.run('DeployRoleArn', DEPLOY, [
        shop({ name: account.stackName(), 'role-arn': other }),
      ]);
      ends(refused, 'failure', /not authorized to perform: iam:PassRole/);
    });

    it('makes resources with the service role, and not with the deploy role', async () => {
      const without = await account.run('DeployRoleArn', DEPLOY, [shop({ name: account.stackName(), 'role-arn': '' })]);
      ends(without, 'failure', /not authorized to perform: sqs:CreateQueue/);
    });

    it('makes nothing beyond the boundary', async () => {
      const user = { name: account.stackName(), template: 'user.yml', capabilities: 'CAPABILITY_IAM' };
      const refused = await account.run('DeployRoleArn', DEPLOY, [shop(user)]);
      ends(refused, 'failure', /not authorized to perform: iam:CreateUser/);
    });
  });
});
