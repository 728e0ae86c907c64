import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ACCOUNT, Account, readOutcome } from './account.js';
import { BootstrappedAccount, type Claims, type StepOutcome } from './bootstrapped-account.js';
import { describeEachEmulator } from './reference-emulator.js';
import type { Inputs } from './workspace.js';

const DEPLOY: Claims = { environment: 'production' };
const PREVIEW: Claims = { event_name: 'pull_request' };
const IDS = 'repo:octocat@123456/my-repo@456789';

const expectOutcome = ({ outcome, output }: StepOutcome, expected: string, reason: RegExp = /^/) => {
  expect(`${outcome}: ${output}`).toMatch(new RegExp(`^${expected}: `));
  expect(output).toMatch(reason);
};

describeEachEmulator('an account bootstrapped by examples/bootstrap on %s', (emulator) => {
  let account: BootstrappedAccount;
  const isLocal = emulator === 'local AWS';
  const serviceRole = (): Inputs => ({ 'role-arn': account.outputs['ServiceRoleArn'] ?? '' });
  const shop = (inputs: Inputs = {}) =>
    ['cloudformation-deploy', { template: 'shop.yml', ...serviceRole(), ...inputs }] as const;

  beforeAll(async () => {
    account = await BootstrappedAccount.open(emulator);
    // MiniStack supports no AWS::IAM::OIDCProvider, and requires none.
    const result = await account.deploy({ IdentityProvider: isLocal ? 'create' : 'existing' });
    expect({ outcome: result.outcome, log: result.log }).toEqual({ outcome: 'success', log: expect.anything() });
  });

  afterAll(() => account[Symbol.asyncDispose]());

  it('has the outputs that workflows need', () => {
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
  ])('lets jobs of the environment deploy, with a subject of %s', async (_, claims) => {
    const name = account.createStackName();
    const created = await account.run('DeployRoleArn', claims, [shop({ name })]);
    expectOutcome(created, 'success');
    expect(created.outputs['stack-status']).toBe('CREATE_COMPLETE');
    const deleted = await account.run('DeployRoleArn', claims, [
      shop({ name, parameters: 'Delay=5' }),
      ['cloudformation-deploy', { name, mode: 'delete' }],
    ]);
    expectOutcome(deleted, 'success');
  });

  it.each<[string, Claims]>([
    ['another environment', { environment: 'staging' }],
    ['a branch', { ref: 'refs/heads/main' }],
    ['a pull request', PREVIEW],
    ['another repository', { ...DEPLOY, repository: 'octocat/other' }],
    ['another owner', { ...DEPLOY, repository: 'octocats/my-repo' }],
    ['a new repository of the same name', { sub: 'repo:octocat@123456/my-repo@999:environment:production' }],
  ])('does not let %s deploy', async (_, claims) => {
    const rejected = await account.run('DeployRoleArn', claims, []);
    expectOutcome(rejected, 'failure', /Not authorized to perform sts:AssumeRoleWithWebIdentity/);
  });

  it.each<[string, Claims]>([
    ['the environment', DEPLOY],
    ['a branch', { ref: 'refs/heads/main' }],
    ["another repository's pull request", { ...PREVIEW, repository: 'octocat/other' }],
  ])('does not let %s preview', async (_, claims) => {
    const rejected = await account.run('PreviewRoleArn', claims, []);
    expectOutcome(rejected, 'failure', /Not authorized to perform sts:AssumeRoleWithWebIdentity/);
  });

  describe('in a pull request', () => {
    const name = 'previewed';
    beforeAll(async () => expectOutcome(await account.run('DeployRoleArn', DEPLOY, [shop({ name })]), 'success'));

    it.each<[string, Claims]>([
      ['names', PREVIEW],
      ['ids', { ...PREVIEW, sub: `${IDS}:pull_request` }],
    ])('previews changes, with a subject of %s', async (_, claims) => {
      const previewed = await account.run('PreviewRoleArn', claims, [
        shop({ name, mode: 'preview', parameters: 'Delay=5' }),
      ]);
      expectOutcome(previewed, 'success');
      expect(previewed.outputs).toMatchObject({ 'has-changes': 'true', 'stack-status': 'CREATE_COMPLETE' });
    });

    it('previews a new stack, and leaves it in review for the first deployment', async () => {
      const fresh = account.createStackName();
      const previewed = await account.run('PreviewRoleArn', PREVIEW, [shop({ name: fresh, mode: 'preview' })]);
      expectOutcome(previewed, 'success', new RegExp(`Stack ${fresh} remains in REVIEW_IN_PROGRESS without resources`));
      expect(previewed.outputs['has-changes']).toBe('true');
      expectOutcome(await account.run('DeployRoleArn', DEPLOY, [shop({ name: fresh })]), 'success');
    });

    it('previews a rollout of configuration, and has no permission to deploy it', async () => {
      const tree = { tree: 'config', environments: 'dev' };
      expectOutcome(
        await account.run('PreviewRoleArn', PREVIEW, [['appconfig-rollout', { ...tree, mode: 'preview' }]]),
        'success',
      );
      const rejected = await account.run('PreviewRoleArn', PREVIEW, [['appconfig-rollout', tree]]);
      expectOutcome(rejected, 'failure', /not authorized to perform: appconfig:CreateApplication/);
    });

    describe('with a large template', () => {
      const large = (inputs: Inputs) => {
        account.workspace.write(
          'large.yml',
          `${'#'.repeat(60_000)}\nResources: { Queue: { Type: AWS::SQS::Queue } }\n`,
        );
        const bucket = { 's3-bucket': account.outputs['ArtifactBucketName'] ?? '', ...inputs };
        return account.run('PreviewRoleArn', PREVIEW, [
          shop({ name, mode: 'preview', template: 'large.yml', ...bucket }),
        ]);
      };

      it('uploads it under the preview prefix of the artifact bucket, only over TLS', async () => {
        const previewed = await large({ 's3-prefix': 'preview' });
        // Local AWS evaluates no bucket policies, and both emulators serve plain HTTP.
        if (isLocal) expectOutcome(previewed, 'success');
        else
          expectOutcome(
            previewed,
            'failure',
            /s3:PutObject on resource: .* with an explicit deny in a resource-based policy/,
          );
      });

      it('has no permission to upload it with the artifacts of deployments', async () => {
        expectOutcome(await large({}), 'failure', /not authorized to perform: s3:PutObject/);
      });
    });

    it.each<[string, Inputs]>([
      ['cloudformation:ExecuteChangeSet', { parameters: 'Delay=7' }],
      ['cloudformation:DeleteStack', { mode: 'delete' }],
      ['cloudformation:UpdateTerminationProtection', { 'termination-protection': 'true' }],
    ])('has no permission %s', async (permission, inputs) => {
      const rejected = await account.run('PreviewRoleArn', PREVIEW, [shop({ name, ...inputs })]);
      expectOutcome(rejected, 'failure', new RegExp(`not authorized to perform: ${permission}`));
    });
  });

  it('gives the deploy role no permissions for resources', async () => {
    await using job = account.createJob(DEPLOY);
    await job.run(account.buildLoginStep('DeployRoleArn'));
    const { AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '', AWS_SESSION_TOKEN = '' } = job.exported;
    const keys = { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY };
    const session = new Account(account.url, { ...keys, sessionToken: AWS_SESSION_TOKEN });
    const created = session.s3.send(new CreateBucketCommand({ Bucket: 'of-my-own' }));
    await expect(readOutcome(created)).resolves.toMatch(/^AccessDenied: .*not authorized to perform: s3:CreateBucket/);
    session.destroy();
  });

  it('lets the deploy role run every action of a delivery', async () => {
    const source = await account.writeImage();
    const rollout = { tree: 'config', environments: 'dev', 'on-failure': 'stop' };
    const strategy = '{ name: at-once, duration: 0, growth: 100, bake: 0 }';
    // MiniStack has no AWS Health, and evaluates DescribeRepositories against all repositories.
    const locally = [
      ['health-gate', { services: 'SQS' }],
      ['ecr-push', { source, repository: 'shop/app', tags: '1.0', 'create-repository': 'true' }],
    ] as const;
    const delivered = await account.run('DeployRoleArn', DEPLOY, [
      ...(isLocal ? locally : []),
      shop({ name: account.createStackName() }),
      ['appconfig-rollout', { ...rollout, strategy }],
    ]);
    expectOutcome(delivered, 'success');
  });

  // MiniStack checks no iam:PassRole and creates every resource as root: only local AWS evaluates the service role.
  if (!isLocal) return;
  describe('CloudFormation', () => {
    it('rejects a deployment that passes another role', async () => {
      const other = `arn:aws:iam::${ACCOUNT}:role/delivery-deploy`;
      const rejected = await account.run('DeployRoleArn', DEPLOY, [
        shop({ name: account.createStackName(), 'role-arn': other }),
      ]);
      expectOutcome(rejected, 'failure', /not authorized to perform: iam:PassRole/);
    });

    it('creates resources with the service role, not with the deploy role', async () => {
      const without = await account.run('DeployRoleArn', DEPLOY, [
        shop({ name: account.createStackName(), 'role-arn': '' }),
      ]);
      expectOutcome(without, 'failure', /not authorized to perform: sqs:CreateQueue/);
    });

    it('creates no resource that the boundary forbids', async () => {
      const user = { name: account.createStackName(), template: 'user.yml', capabilities: 'CAPABILITY_IAM' };
      const rejected = await account.run('DeployRoleArn', DEPLOY, [shop(user)]);
      expectOutcome(rejected, 'failure', /not authorized to perform: iam:CreateUser/);
    });
  });
});
