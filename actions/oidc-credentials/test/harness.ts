import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAction, runPost } from '@aws-delivery/action-kit/host/run-action';
import { createFakeHost, type FakeHost } from '@aws-delivery/action-kit/testing/fake-host';
import { VirtualClock } from '@aws-delivery/action-kit/testing/virtual-clock';
import type { CallRecord } from '@aws-delivery/local-aws/call-log';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import type { ScenarioInput } from '@aws-delivery/local-aws/scenario';
import type { Claims } from '@aws-delivery/local-aws/services/oidc/claims';
import { definition } from '../action.js';
import { createAction } from '../src/create-action.js';
import { restoreAfterJob } from '../src/export/restore.js';
import { withEnvironmentInputs } from '../src/inputs/environment-inputs.js';

export const ACCOUNT = '123456789012';
export const OTHER_ACCOUNT = '999988887777';
export const roleArn = (name: string, account = ACCOUNT): string => `arn:aws:iam::${account}:role/${name}`;

const ISSUER = 'token.actions.githubusercontent.com';

/** A trust policy for tokens whose `sub` matches the pattern. */
export const createTokenTrust = (subject: string) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${ISSUER}` },
      Action: ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'],
      Condition: {
        StringEquals: { [`${ISSUER}:aud`]: 'sts.amazonaws.com' },
        StringLike: { [`${ISSUER}:sub`]: subject },
      },
    },
  ],
});

const createArnTrust = (principal: string, condition: object = {}, actions = ['sts:AssumeRole', 'sts:TagSession']) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: principal }, Action: actions, Condition: condition }],
});

const createAllowPolicy = (...actions: readonly string[]) => ({
  all: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] },
});

/** The account of the scenarios: a role for tokens, further roles, a user with keys, secrets and parameters. */
export const scenario = {
  account: ACCOUNT,
  region: 'eu-central-1',
  iam: {
    accessKeys: { AKIAROOT: 'root-secret' },
    users: {
      deployer: {
        accessKeys: { AKIAUSER: 'user/secret+key' },
        policies: createAllowPolicy('sts:AssumeRole', 'sts:TagSession'),
      },
    },
    roles: {
      deploy: {
        trust: createTokenTrust('repo:octocat/my-repo:*'),
        policies: createAllowPolicy('sts:AssumeRole', 'sts:TagSession', 'secretsmanager:*', 'ssm:*'),
        maxSessionDuration: '4h',
      },
      second: {
        trust: createArnTrust(roleArn('deploy')),
        policies: createAllowPolicy('sts:AssumeRole', 'sts:TagSession'),
        maxSessionDuration: '4h',
      },
      third: {
        trust: createArnTrust(roleArn('second'), { StringEquals: { 'sts:ExternalId': 'third-id' } }),
        policies: createAllowPolicy('sts:AssumeRole'),
        maxSessionDuration: '4h',
      },
      user: { trust: createArnTrust(ACCOUNT), maxSessionDuration: '4h' },
      strict: { trust: createArnTrust(roleArn('deploy'), {}, ['sts:AssumeRole']) },
      [roleArn('far', OTHER_ACCOUNT)]: { trust: createArnTrust(roleArn('deploy')) },
    },
    oidcProviders: [{ url: `https://${ISSUER}`, audiences: ['sts.amazonaws.com'] }],
  },
  secretsmanager: {
    'prod/db': { user: 'shop', password: 'hunter22', nested: { port: 5432 } },
    'prod/plain': 'plain-value',
    'stage/plain': 'stage-value',
  },
  ssm: {
    parameters: {
      '/prod/db/host': 'db.example',
      '/prod/db/password': { type: 'SecureString', value: 'line one\nline two' },
      '/prod/flags/beta/zones': { type: 'StringList', value: 'a,b' },
      flat: 'flat-value',
    },
  },
} satisfies ScenarioInput;

export interface StepOptions {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly claims?: Claims;
}

/** Result of a step. */
export interface StepResult {
  readonly host: FakeHost;
  readonly recorded: FakeHost['recorded'];
  /** Calls to AWS, without those to the token endpoint. */
  readonly calls: readonly CallRecord[];
  readonly operations: readonly string[];
  /** The environment that the next step sees. */
  readonly envAfter: Readonly<Record<string, string | undefined>>;
}

/** Local AWS, and a machine with a home and a temporary directory. */
export class Harness {
  readonly processFiles = { node: '/opt/node 24/bin/node', script: '/actions/oidc/dist/credential-process.js' };
  /** Starts at the current time, since requests are signed with the machine's time. */
  readonly clock = new VirtualClock({ start: Date.now() });

  private constructor(
    readonly aws: LocalAws,
    readonly homeDirectory: string,
    readonly tempDirectory: string,
  ) {}

  static async start(overrides: ScenarioInput = {}): Promise<Harness> {
    const [homeDirectory, tempDirectory] = await Promise.all(
      ['home-', 'temp-'].map((name) => mkdtemp(join(tmpdir(), name))),
    );
    const aws = await startLocalAws({ scenario: { ...scenario, ...overrides } });
    return new Harness(aws, homeDirectory ?? '', tempDirectory ?? '');
  }

  /** The environment of a job on GitHub with `id-token: write`. */
  buildEnv(claims: Claims = {}): Record<string, string | undefined> {
    const { AWS_ENDPOINT_URL, ACTIONS_ID_TOKEN_REQUEST_URL, ACTIONS_ID_TOKEN_REQUEST_TOKEN } = this.aws.createEnv({
      claims,
    });
    return {
      AWS_ENDPOINT_URL,
      ACTIONS_ID_TOKEN_REQUEST_URL,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN,
      HOME: this.homeDirectory,
      RUNNER_TEMP: this.tempDirectory,
      GITHUB_ACTIONS: 'true',
      GITHUB_REPOSITORY: 'octocat/my-repo',
      GITHUB_WORKFLOW: 'delivery (prod)',
      GITHUB_ACTION: 'get-in',
      GITHUB_ACTOR: 'octocat',
      GITHUB_SHA: '0123456789abcdef0123456789abcdef01234567',
      GITHUB_REF: 'refs/heads/main',
      GITHUB_EVENT_NAME: 'push',
      GITHUB_RUN_ID: '1',
    };
  }

  /** Runs main with a Region and a role by default; an empty input unsets them. */
  async runMain({ inputs = {}, env = {}, claims = {} }: StepOptions = {}): Promise<StepResult> {
    const host = createFakeHost({
      clock: this.clock,
      inputs: { 'aws-region': 'eu-central-1', 'role-to-assume': roleArn('deploy'), ...inputs },
      env: { ...this.buildEnv(claims), ...env },
    });
    const firstCall = this.aws.calls().length;
    await runAction(definition, createAction(this.processFiles), withEnvironmentInputs(host));
    const calls = this.aws
      .calls()
      .slice(firstCall)
      .filter(({ service }) => service !== 'oidc');
    return {
      host,
      recorded: host.recorded,
      calls,
      operations: calls.map(({ operation }) => operation),
      envAfter: { ...host.env, ...host.recorded.exported },
    };
  }

  /** Runs the post step in the environment after a main step. */
  async runPostStep(
    step: Pick<StepResult, 'recorded' | 'envAfter'>,
    env: Record<string, string> = {},
  ): Promise<FakeHost['recorded']> {
    const host = createFakeHost({
      clock: this.clock,
      state: step.recorded.state,
      env: { ...step.envAfter, ...env },
    });
    await runPost(restoreAfterJob, host);
    return host.recorded;
  }

  async close(): Promise<void> {
    await this.aws.close();
    for (const directory of [this.homeDirectory, this.tempDirectory])
      await rm(directory, { recursive: true, force: true });
  }
}
