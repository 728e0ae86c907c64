import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import type { IAMClient } from '@aws-sdk/client-iam';
import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ACCOUNT, Account } from './account.js';
import { readPolicy } from './action-policy.js';
import { CHAIN, STORED } from './cloudformation/templates.js';
import { type MiniStack, startMiniStack } from './ministack.js';
import {
  buildPolicy,
  buildTrustPolicy,
  createIamClient,
  createRole,
  EVERYTHING,
  type Policy,
  TRUST,
} from './principals.js';
import { miniStackObstacle } from './reference-emulator.js';
import { createEndpointEnv, getActionPath, type Inputs, readOutput, Workspace } from './workspace.js';

const REPOSITORY = 'octocat/my-repo';

/** MiniStack evaluates reads of several parameters without their ARNs. */
const withAnyResource = ({ Statement }: Policy): Policy =>
  buildPolicy(...Statement.map((statement) => ({ ...statement, Resource: '*' })));

/** MiniStack's IAM evaluation is independent of local AWS's. */
declareUnless(miniStackObstacle, describe)('the generated policy on MiniStack', () => {
  let emulator: MiniStack;
  let issuer: LocalAws;
  let iam: IAMClient;
  let roles = 0;
  const workspace = new Workspace();

  beforeAll(async () => {
    emulator = await startMiniStack({ auth: true });
    issuer = await startLocalAws({ scenario: { account: ACCOUNT, oidc: { claims: { repository: REPOSITORY } } } });
    iam = createIamClient(emulator.url);
    workspace.write('chain.yml', CHAIN);
    workspace.write('stored.yml', STORED);
    workspace.write('large.yml', `${CHAIN}Metadata: { Padding: ${'x'.repeat(60_000)} }\n`);
  });

  beforeEach(() => emulator.reset());

  afterAll(async () => {
    workspace[Symbol.dispose]();
    iam.destroy();
    await Promise.all([emulator.close(), issuer.close()]);
  });

  const createRoleWith = (allowed: Policy, repository = REPOSITORY) => {
    roles += 1;
    return createRole(iam, { name: `role-${roles}`, trust: buildTrustPolicy(repository), allowed });
  };

  const createJob = () => {
    const { ACTIONS_ID_TOKEN_REQUEST_URL: url = '', ACTIONS_ID_TOKEN_REQUEST_TOKEN: token = '' } = issuer.createEnv();
    return workspace.createJob({ env: createEndpointEnv(emulator.url), idToken: { url, token } });
  };

  const credentials = (role: string, inputs: Inputs = {}) => ({
    action: getActionPath('oidc-credentials'),
    inputs: { 'role-to-assume': role, 'aws-region': 'eu-west-1', 'retry-max-attempts': '1', ...inputs },
  });

  /** Runs a job that assumes a role with its token, and then steps of cloudformation-deploy. Returns the last step. */
  const deploy = async (allowed: Policy, ...steps: readonly Inputs[]) => {
    await using job = createJob();
    const login = await job.run(credentials(await createRoleWith(allowed)));
    expect(readOutput(login)).not.toContain('##[error]');
    const action = getActionPath('cloudformation-deploy');
    for (const step of steps) {
      const inputs = { name: `stack-${roles}`, template: 'chain.yml', ...step };
      await job.run({ action, inputs, continueOnError: true });
    }
    const last = job.results.at(-1);
    return { outcome: last?.outcome, output: last === undefined ? '' : readOutput(last), outputs: last?.outputs };
  };

  describe('of cloudformation-deploy', () => {
    const policy = readPolicy('cloudformation-deploy');

    it.each<[string, readonly Inputs[], string]>([
      ['a creation', [{}], 'CREATE_COMPLETE'],
      ['an update', [{}, { parameters: 'Delay=5' }], 'UPDATE_COMPLETE'],
      ['a preview', [{}, { mode: 'preview', parameters: 'Delay=5' }], 'CREATE_COMPLETE'],
      [
        'a resumed creation',
        [{ parameters: 'Delay=1000', 'on-failure': 'preserve' }, { parameters: 'Delay=5' }],
        'UPDATE_COMPLETE',
      ],
      ['drift detection', [{ template: 'stored.yml' }, { mode: 'drift' }], 'CREATE_COMPLETE'],
      ['a large template', [{ template: 'large.yml' }], 'CREATE_COMPLETE'],
      ['termination protection', [{ 'termination-protection': 'true' }], 'CREATE_COMPLETE'],
    ])('is enough for %s', async (_, steps, status) => {
      const { outcome, output, outputs } = await deploy(policy, ...steps);
      expect({ outcome, output }).toEqual({ outcome: 'success', output: expect.any(String) });
      expect(outputs?.['stack-status']).toBe(status);
    });

    it.each<[string, readonly Inputs[]]>([
      ['cloudformation:DescribeStacks', [{}]],
      ['cloudformation:CreateChangeSet', [{}]],
      ['cloudformation:DescribeChangeSet', [{}]],
      ['cloudformation:ListChangeSets', [{ mode: 'preview' }]],
      ['cloudformation:ExecuteChangeSet', [{}]],
      ['cloudformation:DeleteStack', [{}, { mode: 'delete' }]],
      ['cloudformation:DetectStackDrift', [{}, { mode: 'drift' }]],
      ['cloudformation:UpdateTerminationProtection', [{ 'termination-protection': 'true' }]],
      ['s3:CreateBucket', [{ template: 'large.yml' }]],
      ['s3:PutObject', [{ template: 'large.yml' }]],
    ])('needs %s', async (permission, steps) => {
      const { outcome, output } = await deploy(readPolicy('cloudformation-deploy', permission), ...steps);
      expect({ outcome, output }).toEqual({
        outcome: 'failure',
        output: expect.stringMatching(new RegExp(`not authorized to perform: ${permission}`)),
      });
    });

    it.each<[string, readonly Inputs[]]>([
      ['cloudformation:DescribeEvents', [{}]],
      ['cloudformation:DescribeStackEvents', [{}]],
    ])('works without %s', async (permission, steps) => {
      const { outcome, output } = await deploy(readPolicy('cloudformation-deploy', permission), ...steps);
      expect({ outcome, output }).toEqual({ outcome: 'success', output: expect.any(String) });
    });
  });

  describe('of oidc-credentials', () => {
    const assumeRole = async (allowed: Policy, inputs: Inputs = {}, repository = REPOSITORY) => {
      await using job = createJob();
      const result = await job.run(credentials(await createRoleWith(allowed, repository), inputs));
      return {
        outcome: result.outcome,
        output: readOutput(result),
        exported: job.exported,
        outputs: result.outputs,
      };
    };

    it('is not needed to assume the first role', async () => {
      const nothing = buildPolicy({ Effect: 'Deny', Action: '*', Resource: '*' });
      const { outcome, output, outputs } = await assumeRole(nothing);
      expect({ outcome, output }).toEqual({ outcome: 'success', output: expect.any(String) });
      expect(outputs).toMatchObject({
        'aws-account-id': ACCOUNT,
        'authenticated-arn': expect.stringMatching(/:assumed-role\/role-\d+\//),
      });
    });

    it('exports nothing when the role trusts another repository', async () => {
      const { outcome, output, exported } = await assumeRole(EVERYTHING, {}, 'octocat/other');
      expect({ outcome, output }).toEqual({
        outcome: 'failure',
        output: expect.stringContaining('Not authorized to perform sts:AssumeRoleWithWebIdentity'),
      });
      expect(Object.keys(exported).filter((name) => name.startsWith('AWS_'))).toEqual([]);
    });

    it('is enough for a role chain', async () => {
      const next = await createRole(iam, { name: 'next', trust: TRUST, allowed: EVERYTHING });
      const { outcome, output, outputs } = await assumeRole(readPolicy('oidc-credentials'), { 'role-chain': next });
      expect({ outcome, output }).toEqual({ outcome: 'success', output: expect.any(String) });
      expect(outputs['authenticated-arn']).toContain(':assumed-role/next/');
    });

    it('needs sts:AssumeRole for a role chain', async () => {
      const next = await createRole(iam, { name: 'beyond', trust: TRUST, allowed: EVERYTHING });
      const allowed = readPolicy('oidc-credentials', 'sts:AssumeRole');
      const { outcome, output, exported } = await assumeRole(allowed, { 'role-chain': next });
      expect({ outcome, output }).toEqual({
        outcome: 'failure',
        output: expect.stringContaining('not authorized to perform: sts:AssumeRole'),
      });
      expect(Object.keys(exported).filter((name) => name.startsWith('AWS_'))).toEqual([]);
    });

    it('is enough for secrets, which need secretsmanager:GetSecretValue', async () => {
      const root = new Account(emulator.url);
      await root.secretsmanager.send(new CreateSecretCommand({ Name: 'app/key', SecretString: 'of the app' }));
      root.destroy();
      const granted = await assumeRole(readPolicy('oidc-credentials'), { 'secret-ids': 'KEY, app/key' });
      expect(granted).toMatchObject({ outcome: 'success', exported: { KEY: 'of the app' } });
      expect(granted.output).not.toContain('of the app');
      const denied = await assumeRole(readPolicy('oidc-credentials', 'secretsmanager:GetSecretValue'), {
        'secret-ids': 'KEY, app/key',
      });
      expect(denied).toMatchObject({
        outcome: 'failure',
        output: expect.stringContaining('not authorized to perform: secretsmanager:GetSecretValue'),
      });
    });

    it('is enough for parameters, which need ssm:GetParameters and ssm:GetParametersByPath', async () => {
      const root = new Account(emulator.url);
      const parameters = [
        { Name: '/app/host', Type: 'String', Value: 'app.example' },
        { Name: '/app/flags/key', Type: 'SecureString', Value: 'key of the app' },
      ] as const;
      for (const parameter of parameters) await root.ssm.send(new PutParameterCommand(parameter));
      root.destroy();
      const inputs = { 'parameter-names': 'HOST, /app/host\n/app/flags/*' };
      const granted = await assumeRole(withAnyResource(readPolicy('oidc-credentials')), inputs);
      const exported = { HOST: 'app.example', APP_FLAGS_KEY: 'key of the app' };
      expect(granted).toMatchObject({ outcome: 'success', exported });
      expect(granted.output).not.toContain('key of the app');
      for (const action of ['ssm:GetParameters', 'ssm:GetParametersByPath']) {
        const denied = await assumeRole(withAnyResource(readPolicy('oidc-credentials', action)), inputs);
        const output = expect.stringContaining(`not authorized to perform: ${action}`);
        expect(denied).toMatchObject({ outcome: 'failure', output });
      }
    });
  });
});
